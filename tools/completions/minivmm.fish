# SPDX-License-Identifier: BSD-3-Clause
#
# Completion for fish.

# The first word is "inspect".
function __minivmm_inspects
    set -l words (commandline -opc)
    test (count $words) -gt 1; and test $words[2] = inspect
end

function __minivmm_boots
    not __minivmm_inspects
end

function __minivmm_at_first_word
    test (count (commandline -opc)) -eq 1
end

complete -c minivmm -n __minivmm_at_first_word -a inspect -d 'Say what is in a kernel file'
complete -c minivmm -n __minivmm_inspects -l json -d 'As JSON'
complete -c minivmm -s h -l help -d 'Show the help'

complete -c minivmm -n __minivmm_boots -s k -l kernel -r -F -d 'The kernel'
complete -c minivmm -n __minivmm_boots -s i -l initrd -r -F -d 'An initial RAM disk'
complete -c minivmm -n __minivmm_boots -l init -r -F -d 'The guest\'s only program'
complete -c minivmm -n __minivmm_boots -s c -l cmdline -x -d 'The kernel command line'
complete -c minivmm -n __minivmm_boots -s s -l cpus -x -d 'Number of vCPUs'
complete -c minivmm -n __minivmm_boots -s m -l memory -x -d 'RAM: MiB, or with K, M, G or T'
complete -c minivmm -n __minivmm_boots -l overcommit -d 'RAM may be more than the host\'s RAM and swap'
complete -c minivmm -n __minivmm_boots -s b -l boot -x -a 'auto linux64 pvh' -d 'How the kernel is entered'
complete -c minivmm -n __minivmm_boots -l kaslr -x -a 'on off auto' -d 'A bzImage at random addresses'
complete -c minivmm -n __minivmm_boots -l no-cache -d 'Keep and use no unpacked kernels'
complete -c minivmm -n __minivmm_boots -l dtb -r -F -d 'A device tree to use (arm64)'
complete -c minivmm -n __minivmm_boots -l dump-dtb -r -F -d 'Write the guest\'s device tree (arm64)'
complete -c minivmm -n __minivmm_boots -l nested -d 'The guest may run guests of its own'
complete -c minivmm -n __minivmm_boots -l pmu -d 'The guest has a performance monitoring unit'
complete -c minivmm -n __minivmm_boots -l on-reboot -x -a 'exit restart' -d 'What a reboot does'
complete -c minivmm -n __minivmm_boots -l seccomp -x -a 'on log off' -d 'The filter of system calls'
complete -c minivmm -n __minivmm_boots -l check -d 'Say whether this host can run guests'
complete -c minivmm -n __minivmm_boots -l dry-run -d 'Say what would be run'
complete -c minivmm -n __minivmm_boots -s V -l version -d 'Show the version'
complete -c minivmm -n __minivmm_boots -l expect -x -d 'A console line must match'
complete -c minivmm -n __minivmm_boots -l expect-ordered -d 'The expected lines come in their order'
complete -c minivmm -n __minivmm_boots -l until-expected -d 'End when all have been seen'
complete -c minivmm -n __minivmm_boots -l allow-silent-reboot -d 'Do not fail when the guest resets itself without a word'
complete -c minivmm -n __minivmm_boots -l fail-on -x -d 'Fail when a console line matches'
complete -c minivmm -n __minivmm_boots -l fail-on-warning -d 'Fail when the kernel reports a fault'
complete -c minivmm -n __minivmm_boots -l ignore-warning -x -d 'Leave this report of the kernel out'
complete -c minivmm -n __minivmm_boots -l ktap -d 'Judge test results in KTAP'
complete -c minivmm -n __minivmm_boots -l timeout -x -d 'End after that long: seconds, or with ms, s, m, h'
complete -c minivmm -n __minivmm_boots -l idle-timeout -x -d 'End after that much silence'
complete -c minivmm -n __minivmm_boots -l log -r -F -d 'Write the console to a file, too'
complete -c minivmm -n __minivmm_boots -l report -r -F -d 'Write a report in JSON'
complete -c minivmm -n __minivmm_boots -l junit -r -F -d 'Write a report in JUnit\'s XML'
complete -c minivmm -n __minivmm_boots -l timestamps -d 'The time before each line'
complete -c minivmm -n __minivmm_boots -l quiet -d 'Write nothing to stdout'
