# SPDX-License-Identifier: BSD-3-Clause
# shellcheck shell=bash
#
# Completion for bash, with or without the package bash-completion.

# _minivmm_words WORD...: those that begin with what is there.
_minivmm_words() {
	mapfile -t COMPREPLY < <(compgen -W "$*" -- "$cur")
}

_minivmm_files() {
	compopt -o filenames 2>/dev/null
	mapfile -t COMPREPLY < <(compgen -f -- "$cur")
}

# _minivmm_value OPTION: what may follow it. Status 1: it takes no value.
_minivmm_value() {
	case $1 in
	-k | --kernel | -i | --initrd | --init) _minivmm_files ;;
	--dtb | --dump-dtb | --log | --report | --junit) _minivmm_files ;;
	-b | --boot) _minivmm_words auto linux64 pvh ;;
	--kaslr) _minivmm_words on off auto ;;
	--on-reboot) _minivmm_words exit restart ;;
	--seccomp) _minivmm_words on log off ;;
	-c | --cmdline | -s | --cpus | -m | --memory) ;;
	--expect | --fail-on | --ignore-warning | --timeout | --idle-timeout) ;;
	*) return 1 ;;
	esac
}

_minivmm() {
	local cur=${COMP_WORDS[COMP_CWORD]} option=${COMP_WORDS[COMP_CWORD - 1]}

	# --OPTION=VALUE comes as three words.
	if [ "$cur" = "=" ]; then
		cur=''
	elif [ "$option" = "=" ]; then
		option=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	COMPREPLY=()
	if [ "${COMP_WORDS[1]}" = inspect ] && [ "$COMP_CWORD" -gt 1 ]; then
		case $cur in
		-*) _minivmm_words --json --help -h ;;
		*) _minivmm_files ;;
		esac
		return
	fi
	! _minivmm_value "$option" || return 0
	case $cur in
	-*)
		_minivmm_words -k -i -c -s -m -b -h -V \
			--kernel --initrd --init --cmdline --cpus --memory --overcommit --boot \
			--kaslr --no-cache --dtb --dump-dtb --nested --pmu --on-reboot \
			--allow-silent-reboot --seccomp --check --dry-run --help --version \
			--expect --expect-ordered --until-expected --fail-on --fail-on-warning \
			--ignore-warning --ktap --timeout --idle-timeout --log --report --junit \
			--timestamps --quiet
		;;
	*)
		_minivmm_files
		[ "$COMP_CWORD" -gt 1 ] || [[ inspect != "$cur"* ]] || COMPREPLY+=(inspect)
		;;
	esac
}

complete -F _minivmm minivmm
