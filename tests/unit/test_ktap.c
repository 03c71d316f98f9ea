/* SPDX-License-Identifier: BSD-3-Clause */
/* KTAP: what a line says, the tree of tests, the verdict to the letter. */
#include "suite.h"
#include "vmm/watch/ktap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Lines */

static const struct {
	const char *line;
	enum ktap_kind kind;
	unsigned width;
	enum ktap_result result;
	const char *name, *reason;
	int64_t number; /* -1: none */
} lines[] = {
	{"KTAP version 1", KTAP_VERSION, 0, KTAP_PASS, "", "", 1},
	{"TAP version 13", KTAP_VERSION, 0, KTAP_PASS, "", "", 13},
	{"    KTAP version 1 ", KTAP_VERSION, 4, KTAP_PASS, "", "", 1},
	{"# TAP version 14", KTAP_VERSION, 2, KTAP_PASS, "", "", 14},
	{"KTAP version", KTAP_UNKNOWN, 0, 0, "", "", 0},
	{"KTAP version x", KTAP_UNKNOWN, 0, 0, "", "", 0},
	{"KTAP version 1.0", KTAP_UNKNOWN, 0, 0, "", "", 0},
	{"ktap version 1", KTAP_UNKNOWN, 0, 0, "", "", 0},
	{"1..5", KTAP_PLAN, 0, KTAP_PASS, "", "", 5},
	{"        1..12 ", KTAP_PLAN, 8, KTAP_PASS, "", "", 12},
	{"1..0 # SKIP no hardware", KTAP_PLAN, 0, KTAP_SKIP, "", "no hardware", 0},
	{"1..0 # skipped: no hardware ", KTAP_PLAN, 0, KTAP_SKIP, "", "no hardware", 0},
	{"1..3 # of ten", KTAP_PLAN, 0, KTAP_PASS, "", "of ten", 3},
	{"1..99999999999999999999", KTAP_PLAN, 0, KTAP_PASS, "", "", -2},
	{"1..18446744073709551616", KTAP_PLAN, 0, KTAP_PASS, "", "", -2},
	{"1..", KTAP_UNKNOWN, 0, 0, "", "", 0},
	{"1..3 of them", KTAP_UNKNOWN, 0, 0, "", "", 0},
	{"1..-3", KTAP_UNKNOWN, 0, 0, "", "", 0},
	{"2..3", KTAP_UNKNOWN, 0, 0, "", "", 0},
	{"ok 1 test_case_name", KTAP_TEST, 0, KTAP_PASS, "test_case_name", "", 1},
	{"not ok 1 test_case_name", KTAP_TEST, 0, KTAP_FAIL, "test_case_name", "", 1},
	{"ok 1 - test_case_name", KTAP_TEST, 0, KTAP_PASS, "test_case_name", "", 1},
	{"ok 007\ta b  ", KTAP_TEST, 0, KTAP_PASS, "a b", "", 7},
	{"ok", KTAP_TEST, 0, KTAP_PASS, "", "", -1},
	{"not ok", KTAP_TEST, 0, KTAP_FAIL, "", "", -1},
	{"ok 3", KTAP_TEST, 0, KTAP_PASS, "", "", 3},
	{"ok 3 -", KTAP_TEST, 0, KTAP_PASS, "", "", 3},
	{"ok -3 x", KTAP_TEST, 0, KTAP_PASS, "-3 x", "", -1},
	{"ok - created", KTAP_TEST, 0, KTAP_PASS, "created", "", -1},
	{"ok 1..1 selftests: a: b [PASS]", KTAP_TEST, 0, KTAP_PASS, "1..1 selftests: a: b [PASS]",
	 "", -1},
	{"ok 3rd try", KTAP_TEST, 0, KTAP_PASS, "3rd try", "", -1},
	{"ok 1 test # SKIP necessary dependency unavailable", KTAP_TEST, 0, KTAP_SKIP, "test",
	 "necessary dependency unavailable", 1},
	{"not ok 1 test # SKIP", KTAP_TEST, 0, KTAP_SKIP, "test", "", 1},
	{"ok 2 test # skip it", KTAP_TEST, 0, KTAP_SKIP, "test", "it", 2},
	{"ok 2 # SKIP No such device", KTAP_TEST, 0, KTAP_SKIP, "", "No such device", 2},
	{"not ok 3 test # TODO known", KTAP_TEST, 0, KTAP_TODO, "test", "known", 3},
	{"ok 3 test # todo: known", KTAP_TEST, 0, KTAP_TODO, "test", "known", 3},
	{"ok 3 # XFAIL expected", KTAP_TEST, 0, KTAP_TODO, "", "expected", 3},
	{"not ok 3 test # xfail expected", KTAP_TEST, 0, KTAP_FAIL, "test", "xfail expected", 3},
	{"not ok 1 test # TIMEOUT 30 seconds", KTAP_TEST, 0, KTAP_TIMEOUT, "test", "30 seconds", 1},
	{"not ok 1 test # ERROR -12", KTAP_TEST, 0, KTAP_ERROR, "test", "-12", 1},
	{"ok 1 test # error count=0", KTAP_TEST, 0, KTAP_PASS, "test", "error count=0", 1},
	{"not ok 2 # error no memory", KTAP_TEST, 0, KTAP_FAIL, "", "error no memory", 2},
	{"ok 5 check return code # rcode=0", KTAP_TEST, 0, KTAP_PASS, "check return code",
	 "rcode=0", 5},
	{"not ok 2 selftests: a: b # exit=1", KTAP_TEST, 0, KTAP_FAIL, "selftests: a: b", "exit=1",
	 2},
	{"ok 1 test # SKIPPING", KTAP_TEST, 0, KTAP_PASS, "test", "SKIPPING", 1},
	{"ok 1 test #", KTAP_TEST, 0, KTAP_PASS, "test", "", 1},
	{"ok 1 fd#3 of #4 \\# x", KTAP_TEST, 0, KTAP_PASS, "fd#3 of #4 \\# x", "", 1},
	{"ok 1 a # b # SKIP c", KTAP_TEST, 0, KTAP_PASS, "a", "b # SKIP c", 1},
	{"    ok 1 a", KTAP_TEST, 4, KTAP_PASS, "a", "", 1},
	{"\tok 1 a", KTAP_TEST, 4, KTAP_PASS, "a", "", 1},
	{"# ok 1 a", KTAP_TEST, 2, KTAP_PASS, "a", "", 1},
	{"# # not ok 1 a", KTAP_TEST, 4, KTAP_FAIL, "a", "", 1},
	{"#     ok 1 a", KTAP_TEST, 6, KTAP_PASS, "a", "", 1},
	{"                                ok 1 a", KTAP_TEST, 32, KTAP_PASS, "a", "", 1},
	{"                                 ok 1 a", KTAP_UNKNOWN, 33, 0, "", "", 0},
	{"okay 1 a", KTAP_UNKNOWN, 0, 0, "", "", 0},
	{"ok, 1 a", KTAP_UNKNOWN, 0, 0, "", "", 0},
	{"OK 1 a", KTAP_UNKNOWN, 0, 0, "", "", 0},
	{"not okay", KTAP_UNKNOWN, 0, 0, "", "", 0},
	{"not  ok 1 a", KTAP_UNKNOWN, 0, 0, "", "", 0},
	{"#ok 1 a", KTAP_UNKNOWN, 0, 0, "", "", 0},
	{"## ok 1 a", KTAP_UNKNOWN, 0, 0, "", "", 0},
	{"it is ok 1 a", KTAP_UNKNOWN, 0, 0, "", "", 0},
	{"    # Subtest: example", KTAP_SUBTEST, 4, KTAP_PASS, "example", "", 0},
	{"# Subtest: a b ", KTAP_SUBTEST, 0, KTAP_PASS, "a b", "", 0},
	{"# # Subtest: a", KTAP_SUBTEST, 2, KTAP_PASS, "a", "", 0},
	{"Subtest: a", KTAP_UNKNOWN, 0, 0, "", "", 0},
	{"    Subtest: a", KTAP_UNKNOWN, 4, 0, "", "", 0},
	{"Bail out! no disk", KTAP_BAIL_OUT, 0, KTAP_PASS, "", "no disk", 0},
	{"# Bail out!", KTAP_BAIL_OUT, 2, KTAP_PASS, "", "", 0},
	{"Bail out", KTAP_UNKNOWN, 0, 0, "", "", 0},
	{"", KTAP_UNKNOWN, 0, 0, "", "", 0},
	{"#", KTAP_UNKNOWN, 0, 0, "", "", 0},
	{"# a diagnostic line", KTAP_UNKNOWN, 2, 0, "", "", 0},
};

static void check_text(struct ktap_text got, const char *want)
{
	ck_assert_uint_eq(got.n, strlen(want));
	ck_assert_mem_eq(got.at, want, got.n);
}

START_TEST(a_line_says)
{
	struct ktap_said said = ktap_read(lines[_i].line);

	ck_assert_int_eq(said.kind, lines[_i].kind);
	if (said.kind == KTAP_UNKNOWN)
		return;
	ck_assert_uint_eq(said.width, lines[_i].width);
	ck_assert_int_eq(said.result, lines[_i].result);
	check_text(said.name, lines[_i].name);
	check_text(said.reason, lines[_i].reason);
	if (said.kind == KTAP_TEST)
		ck_assert_int_eq(said.has_number, lines[_i].number >= 0);
	if (lines[_i].number >= 0 && said.kind != KTAP_SUBTEST && said.kind != KTAP_BAIL_OUT)
		ck_assert_uint_eq(said.number, (uint64_t)lines[_i].number);
	if (lines[_i].number == -2)
		ck_assert_uint_eq(said.number, UINT64_MAX);
}
END_TEST

/* Runs */

/* A console: its lines, each with a newline; what is listed, one "RESULT PATH[ (REASON)]" a line;
 * and what is wrong, or NULL. */
static const struct {
	const char *console, *listed, *problem;
} runs[] = {
	{"", "", "no test result was seen on the console"},
	{"[    0.0] Linux version 6.12\nminivmm:/root# ls\n", "",
	 "no test result was seen on the console"},
	{"KTAP version 1\n1..0\n", "", "no test result was seen on the console"},
	/* the specification's examples */
	{"KTAP version 1\n"
	 "1..1\n"
	 "  KTAP version 1\n"
	 "  1..2\n"
	 "  ok 1 test_1\n"
	 "  not ok 2 test_2\n"
	 "# example failed\n"
	 "not ok 1 example\n",
	 "pass example.test_1\nfail example.test_2\n",
	 "1 of 2 tests failed, the first is 'example.test_2'"},
	{"KTAP version 1\n"
	 "1..2\n"
	 "  KTAP version 1\n"
	 "  1..2\n"
	 "    KTAP version 1\n"
	 "    1..2\n"
	 "    not ok 1 test_1\n"
	 "    ok 2 test_2\n"
	 "  not ok 1 test_3\n"
	 "  ok 2 test_4 # SKIP\n"
	 "not ok 1 example_test_1\n"
	 "ok 2 example_test_2\n",
	 "fail example_test_1.test_3.test_1\npass example_test_1.test_3.test_2\n"
	 "skip example_test_1.test_4\npass example_test_2\n",
	 "1 of 4 tests failed, the first is 'example_test_1.test_3.test_1'"},
	{"KTAP version 1\n"
	 "1..1\n"
	 "  KTAP version 1\n"
	 "  1..3\n"
	 "    KTAP version 1\n"
	 "    1..1\n"
	 "    # test_1: initializing test_1\n"
	 "    ok 1 test_1\n"
	 "  ok 1 example_test_1\n"
	 "    KTAP version 1\n"
	 "    1..2\n"
	 "    ok 1 test_1 # SKIP test_1 skipped\n"
	 "    ok 2 test_2\n"
	 "  ok 2 example_test_2\n"
	 "    KTAP version 1\n"
	 "    1..3\n"
	 "    ok 1 test_1\n"
	 "    # test_2: FAIL\n"
	 "    not ok 2 test_2\n"
	 "    ok 3 test_3 # SKIP test_3 skipped\n"
	 "  not ok 3 example_test_3\n"
	 "not ok 1 main_test\n",
	 "pass main_test.example_test_1.test_1\n"
	 "skip main_test.example_test_2.test_1 (test_1 skipped)\n"
	 "pass main_test.example_test_2.test_2\n"
	 "pass main_test.example_test_3.test_1\n"
	 "fail main_test.example_test_3.test_2\n"
	 "skip main_test.example_test_3.test_3 (test_3 skipped)\n",
	 "1 of 6 tests failed, the first is 'main_test.example_test_3.test_2'"},
	/* KUnit, built in, with parameters and statistics */
	{"[    0.291012] KTAP version 1\n"
	 "[    0.291034] 1..2\n"
	 "[    0.291101]     KTAP version 1\n"
	 "[    0.291120]     # Subtest: example\n"
	 "[    0.291140]     # module: kunit_example_test\n"
	 "[    0.291142]     1..3\n"
	 "[    0.292011]     # example_simple_test: initializing\n"
	 "[    0.292019] clocksource: Switched to clocksource tsc\n"
	 "[    0.292401]     ok 1 example_simple_test\n"
	 "[    0.292811]     # example_mark_skipped_test: initializing\n"
	 "[    0.293000]     ok 2 example_mark_skipped_test # SKIP this test should be skipped\n"
	 "[    0.293010]         KTAP version 1\n"
	 "[    0.293020]         # Subtest: example_params_test\n"
	 "[    0.293100]         ok 1 example value 3 # SKIP unsupported param value 3\n"
	 "[    0.293110]         ok 2 example value 2\n"
	 "[    0.293200]     # example_params_test: pass:1 fail:0 skip:1 total:2\n"
	 "[    0.293210]     ok 3 example_params_test\n"
	 "[    0.293300] # example: pass:2 fail:0 skip:1 total:3\n"
	 "[    0.293310] # Totals: pass:2 fail:0 skip:2 total:4\n"
	 "[    0.293320] ok 1 example\n"
	 "[    0.294000]     # failed to initialize (-12)\n"
	 "[    0.294010] not ok 2 broken\n",
	 "pass example.example_simple_test\n"
	 "skip example.example_mark_skipped_test (this test should be skipped)\n"
	 "skip example.example_params_test.example value 3 (unsupported param value 3)\n"
	 "pass example.example_params_test.example value 2\n"
	 "fail broken\n",
	 "1 of 5 tests failed, the first is 'broken'"},
	/* KUnit as modules: each run's number goes on */
	{"[    3.1][  T101] KTAP version 1\n[    3.1][  T101] 1..1\n"
	 "[    3.1][  T101]     KTAP version 1\n[    3.1][  T101]     # Subtest: a\n"
	 "[    3.1][  T101]     1..1\n[    3.1][  T101]     ok 1 x\n[    3.1][  T101] ok 1 a\n"
	 "[    3.2][  T102] KTAP version 1\n[    3.2][  T102] 1..1\n"
	 "[    3.2][  T102]     KTAP version 1\n[    3.2][  T102]     # Subtest: b\n"
	 "[    3.2][  T102]     1..1\n[    3.2][  T102]     ok 1 y\n[    3.2][  T102] ok 2 b\n",
	 "pass a.x\npass b.y\n", NULL},
	/* KUnit of Linux 6.1 as modules: no version line, no plan outside */
	{"<6>[ 3.1]     # Subtest: a\n<6>[ 3.1]     1..2\n<6>[ 3.1]     ok 1 - x\n"
	 "<6>[ 3.1]     ok 2 - y\n<6>[ 3.1] ok 1 - a\n"
	 "<6>[ 3.1]     # Subtest: b\n<6>[ 3.1]     1..1\n<6>[ 3.1]         # Subtest: p\n"
	 "<6>[ 3.1]         ok 1 - q\n<6>[ 3.1]     ok 1 - p\n<6>[ 3.1] ok 2 - b\n",
	 "pass a.x\npass a.y\npass b.p.q\n", NULL},
	/* KUnit of Linux 5.4: tabs */
	{"TAP version 14\n\t# Subtest: a\n\t1..1\n\tok 1 - x\nok 1 - a\n", "pass a.x\n", NULL},
	/* kselftest's runner */
	{"TAP version 13\n"
	 "1..5\n"
	 "# timeout set to 45\n"
	 "# selftests: size: get_size\n"
	 "# TAP version 13\n"
	 "# 1..2\n"
	 "# ok 1 available\n"
	 "# ok 2 # SKIP No such device\n"
	 "# # Totals: pass:1 fail:0 xfail:0 xpass:0 skip:1 error:0\n"
	 "ok 1 selftests: size: get_size\n"
	 "# selftests: net: plain.sh\n"
	 "# all is well\n"
	 "ok 2 selftests: net: plain.sh\n"
	 "# selftests: net: none\n"
	 "# TAP version 13\n"
	 "# 1..0 # SKIP not root\n"
	 "ok 3 selftests: net: none # SKIP\n"
	 "# selftests: net: some\n"
	 "# TAP version 13\n"
	 "# 1..7\n"
	 "# ok 1 one\n"
	 "# ok 2 # SKIP and so are the others\n"
	 "ok 4 selftests: net: some # SKIP\n"
	 "# selftests: net: xfail\n"
	 "# TAP version 13\n"
	 "# 1..2\n"
	 "# ok 1 global.a # XFAIL known\n"
	 "# not ok 2 global.b # TODO later\n"
	 "ok 5 selftests: net: xfail\n",
	 "pass selftests: size: get_size.available\n"
	 "skip selftests: size: get_size.2 (No such device)\n"
	 "pass selftests: net: plain.sh\n"
	 "skip selftests: net: none\n"
	 "pass selftests: net: some.one\n"
	 "skip selftests: net: some.2 (and so are the others)\n"
	 "todo selftests: net: xfail.global.a (known)\n"
	 "todo selftests: net: xfail.global.b (later)\n",
	 NULL},
	{"TAP version 13\n"
	 "1..2\n"
	 "# TAP version 13\n"
	 "# 1..2\n"
	 "# ok 1 one\n"
	 "# ok 2 two\n"
	 "not ok 1 selftests: net: a # exit=1\n"
	 "# 1..9\n"
	 "# ok 1 one\n"
	 "#\n"
	 "not ok 2 selftests: net: b # TIMEOUT 45 seconds\n",
	 "pass selftests: net: a.one\npass selftests: net: a.two\nfail selftests: net: a (exit=1)\n"
	 "pass selftests: net: b.one\ntimeout selftests: net: b (45 seconds)\n",
	 "2 of 5 tests failed, the first is 'selftests: net: a'"},
	/* TAP of user space */
	{"TAP version 13\nok 1 - a\nnot ok 2 - b # TODO some day\nok 3\n1..3\n",
	 "pass a\ntodo b (some day)\npass 3\n", NULL},
	{"1..3\nok a\nok\nnot ok - c\n", "pass a\npass 2\nfail c\n",
	 "1 of 3 tests failed, the first is 'c'"},
	{"ok 1 a\nok 2 b\n1..2\nok 1 c\n1..1\n", "pass a\npass b\npass c\n", NULL},
	{"TAP version 13\nok 1 a\n1..3\nok 2 b\nok 3 c\n", "pass a\npass b\npass c\n", NULL},
	{"TAP version 14\n1..1\n# Subtest: a\n    1..1\n    ok 1 - x\nok 1 - a\n", "pass a.x\n",
	 NULL},
	{"TAP version 13\n1..0 # SKIP not here\n", "skip all tests (not here)\n", NULL},
	{"TAP version 14\n    ok 1 - x\n    1..1\nok 1 - a\n1..1\n", "pass a.x\n", NULL},
	/* directives */
	{"KTAP version 1\n1..4\nnot ok 1 a # SKIP\nnot ok 2 b # TIMEOUT\nnot ok 3 c # ERROR\n"
	 "ok 4 d # TIMEOUT 3\n",
	 "skip a\ntimeout b\nerror c\ntimeout d (3)\n", "3 of 4 tests failed, the first is 'b'"},
	/* numbers: missing, twice, out of order, huge */
	{"KTAP version 1\n1..5\nok 2 a\nok 1 b\nok 1 c\nok d\nok 99999999999999999999 e\n",
	 "pass a\npass b\npass c\npass d\npass e\n", NULL},
	{"KTAP version 1\n1..1\nok 1 a\nok 2 b\n", "pass a\npass b\n", NULL},
	/* a suite's line that tells more, or less, than its tests */
	{"KTAP version 1\n1..1\n  KTAP version 1\n  1..1\n  ok 1 x\nnot ok 1 a\n",
	 "pass a.x\nfail a\n", "1 of 2 tests failed, the first is 'a'"},
	{"KTAP version 1\n1..1\n  KTAP version 1\n  1..1\n  not ok 1 x\nok 1 a\n", "fail a.x\n",
	 "1 of 1 tests failed, the first is 'a.x'"},
	{"KTAP version 1\n1..1\n  KTAP version 1\n  1..1\n  ok 1 x\nnot ok 1 a # TODO\n",
	 "pass a.x\n", NULL},
	/* cut off */
	{"KTAP version 1\n1..3\nok 1 a\n", "pass a\n", "only 1 of 3 planned results were seen"},
	{"KTAP version 1\n1..3\n", "", "only 0 of 3 planned results were seen"},
	{"KTAP version 1\n1..1\n  KTAP version 1\n  1..3\n  ok 1 x\nok 1 a\n", "pass a.x\n",
	 "only 1 of 3 planned results were seen in 'a'"},
	{"KTAP version 1\n1..1\n  KTAP version 1\n  # Subtest: a\n  1..3\n  ok 1 x\n", "pass a.x\n",
	 "only 1 of 3 planned results were seen in 'a'"},
	{"KTAP version 1\n  KTAP version 1\n  # Subtest: a\n  1..1\n  ok 1 x\n", "pass a.x\n",
	 "the output ends in the midst of nested tests, in 'a'"},
	{"KTAP version 1\n  KTAP version 1\n  ok 1 x\n", "pass x\n",
	 "the output ends in the midst of nested tests"},
	{"KTAP version 1\n1..2\nok 1 a\nKTAP version 1\n1..1\nok 1 b\n", "pass a\npass b\n",
	 "only 1 of 2 planned results were seen"},
	{"1..2\nok 1 a\n1..1\nok 1 b\n", "pass a\npass b\n",
	 "only 1 of 2 planned results were seen"},
	{"KTAP version 1\n1..99999999999999999999\nok 1 a\n", "pass a\n",
	 "only 1 of 18446744073709551615 planned results were seen"},
	{"KTAP version 1\n1..1\n  KTAP version 1\n    KTAP version 1\n    1..2\n    ok 1 x\n"
	 "ok 1 a\n",
	 "pass a.x\n", "only 1 of 2 planned results were seen"},
	/* a test that runs several programs, and a suite that breaks off before another */
	{"TAP version 13\n1..1\n# TAP version 13\n# 1..2\n# ok 1 x\n# not ok 2 y\n"
	 "# TAP version 13\n# 1..1\n# ok 1 z\nnot ok 1 a # exit=1\n",
	 "pass a.x\nfail a.y\npass a.z\n", "1 of 3 tests failed, the first is 'a.y'"},
	{"KTAP version 1\n    KTAP version 1\n    # Subtest: a\n    1..1\n    not ok 1 x\n"
	 "    KTAP version 1\n    # Subtest: b\n    1..1\n    ok 1 y\nnot ok 2 b\n",
	 "fail a.x\npass b.y\nfail b\n", "2 of 3 tests failed, the first is 'a.x'"},
	{"KTAP version 1\n  # Subtest: s\n    KTAP version 1\n    # Subtest: a\n    not ok 1 x\n"
	 "    KTAP version 1\n    # Subtest: b\n    ok 1 y\n  ok 1 b\nnot ok 1 s\n",
	 "fail s.a.x\npass s.b.y\n", "1 of 2 tests failed, the first is 's.a.x'"},
	/* names that are told before */
	{"TAP version 14\n# Subtest: a\n    ok 1 x\nok 1 - a\n    ok 1 y\n", "pass a.x\npass y\n",
	 "the output ends in the midst of nested tests"},
	{"TAP version 14\n1..1\n# Subtest: a\n    1..2\n    ok 1 x\n    # Subtest: b\n"
	 "        1..2\n        ok 1 y\n",
	 "pass a.x\npass a.b.y\n", "only 1 of 2 planned results were seen in 'b'"},
	/* bail out */
	{"KTAP version 1\n1..3\nok 1 a\nBail out! the disk is gone\n", "pass a\n",
	 "Bail out! the disk is gone"},
	{"Bail out!\n", "", "Bail out!"},
	{"KTAP version 1\n1..3\nnot ok 1 a\nBail out!\n", "fail a\n",
	 "1 of 1 tests failed, the first is 'a'"},
	/* a result further to the left than any level, and between two */
	{"    KTAP version 1\n    ok 1 x\n  ok 1 b\nok 1 a\n", "pass a.b.x\n", NULL},
	{"KTAP version 1\n        KTAP version 1\n        ok 1 x\n    not ok 1 b\nnot ok 1 a\n",
	 "pass a.b.x\nfail a.b\n", "1 of 2 tests failed, the first is 'a.b'"},
	/* no results: not in a level */
	{"ok then\nnot ok at all\n    ok 1 x\n  1 of 3\n", "",
	 "no test result was seen on the console"},
	{"KTAP version 1\n1..1\n    ok then\nok 1 a\n", "pass a\n", NULL},
	/* bytes that a terminal must not see */
	{"KTAP version 1\n1..1\nnot ok 1 a\x1b[2J\xc3 # b\x07\n", "fail a?[2J? (b?)\n",
	 "1 of 1 tests failed, the first is 'a?[2J?'"},
};

static void feed(struct ktap *k, const char *console)
{
	char line[4096];
	uint64_t now_ns = 0;

	while (*console) {
		size_t n = strcspn(console, "\n");
		ck_assert_uint_lt(n, sizeof(line));
		memcpy(line, console, n);
		line[n] = '\0';
		ktap_line(k, line, now_ns += 1000);
		console += n + (console[n] == '\n');
	}
}

static void list(const struct ktap *k, char *text, size_t size)
{
	size_t n = 0;

	text[0] = '\0';
	for (size_t i = 0; i < k->n_listed; i++) {
		const struct ktap_case *c = &k->listed[i];
		ck_assert_uint_le(c->begin_ns, c->end_ns);
		n += (size_t)snprintf(text + n, size - n, "%s %s%s%s%s\n",
				      ktap_result_name(c->result), c->path, c->reason ? " (" : "",
				      c->reason ? c->reason : "", c->reason ? ")" : "");
		ck_assert_uint_lt(n, size);
	}
}

START_TEST(a_run_is_judged)
{
	struct ktap k = {.depth = 0};
	char listed[2048], problem[240];
	uint64_t failed = 0;

	feed(&k, runs[_i].console);
	ktap_finish(&k);
	list(&k, listed, sizeof(listed));
	ck_assert_str_eq(listed, runs[_i].listed);
	bool wrong = ktap_problem(&k, problem, sizeof(problem));
	ck_assert_int_eq(wrong, runs[_i].problem != NULL);
	if (runs[_i].problem)
		ck_assert_str_eq(problem, runs[_i].problem);
	ck_assert_uint_eq(ktap_total(&k), k.n_listed);
	for (size_t i = 0; i < k.n_listed; i++)
		failed += ktap_is_failure(k.listed[i].result);
	ck_assert_uint_eq(ktap_failures(&k), failed);
	ktap_finish(&k); /* once more changes nothing */
	ck_assert_uint_eq(ktap_total(&k), k.n_listed);
	ktap_fini(&k);
	ktap_fini(&k); /* harmless */
}
END_TEST

/*
 * What KUnit of Linux 6.12 wrote, with its own tests, its example's and some of the library's
 * (tests/kernel), and what its own "# Totals" lines add up to, with the two suites that have none.
 */
START_TEST(a_real_kernels_output)
{
	struct ktap k = {.depth = 0};
	char line[256];
	FILE *f = fopen(TEST_DATA "/ktap/kunit-6.12.txt", "r");

	ck_assert_ptr_nonnull(f);
	while (fgets(line, sizeof(line), f)) {
		line[strcspn(line, "\n")] = '\0';
		ktap_line(&k, line, 0);
	}
	fclose(f);
	ktap_finish(&k);
	ck_assert(!ktap_problem(&k, line, sizeof(line)));
	ck_assert_uint_eq(ktap_total(&k), 147);
	ck_assert_uint_eq(k.count[KTAP_PASS], 141);
	ck_assert_uint_eq(k.count[KTAP_SKIP], 6);
	ck_assert_str_eq(k.listed[0].path, "example_init.example_init_test");
	ck_assert_str_eq(k.listed[k.n_listed - 1].path, "cmdline.cmdline_test_range");
	ktap_fini(&k);
}
END_TEST

START_TEST(a_short_buffer_is_enough)
{
	struct ktap k = {.depth = 0};
	char problem[10];

	feed(&k, "KTAP version 1\nnot ok 1 a_long_name\n");
	ktap_finish(&k);
	ck_assert(ktap_problem(&k, problem, sizeof(problem)));
	ck_assert_str_eq(problem, "1 of 1 te");
	ktap_fini(&k);
}
END_TEST

START_TEST(times_are_those_of_the_lines)
{
	struct ktap k = {.depth = 0};

	ktap_line(&k, "KTAP version 1", 100);
	ktap_line(&k, "# noise", 150);
	ktap_line(&k, "ok 1 a", 300);
	ktap_line(&k, "[ 1.0] more noise", 350);
	ktap_line(&k, "ok 2 b", 1000);
	ktap_finish(&k);
	ck_assert_uint_eq(k.n_listed, 2);
	ck_assert_uint_eq(k.listed[0].begin_ns, 100);
	ck_assert_uint_eq(k.listed[0].end_ns, 300);
	ck_assert_uint_eq(k.listed[1].begin_ns, 300);
	ck_assert_uint_eq(k.listed[1].end_ns, 1000);
	ktap_fini(&k);
}
END_TEST

/* Diagnostics */

START_TEST(a_failure_has_the_lines_before_it)
{
	struct ktap k = {.depth = 0};

	feed(&k, "[ 0.1] before\n"
		 "[ 0.2] KTAP version 1\n"
		 "[ 0.2] 1..3\n"
		 "[ 0.3] # a: fine\n"
		 "[ 0.4] ok 1 a\n"
		 "[ 0.5]     # b: EXPECTATION FAILED at b.c:3\n"
		 "[ 0.5]     Expected 1 + 1 == 3, but\n"
		 "[ 0.5] \t1 + 1 == \x1b[1m2\n"
		 "[ 0.6] not ok 2 b\n"
		 "[ 0.7] not ok 3 c\n");
	ktap_finish(&k);
	ck_assert_uint_eq(k.n_listed, 3);
	ck_assert_ptr_null(k.listed[0].diagnostics);
	ck_assert_str_eq(k.listed[1].diagnostics, "# b: EXPECTATION FAILED at b.c:3\n"
						  "Expected 1 + 1 == 3, but\n"
						  "1 + 1 == ?[1m2\n");
	ck_assert_ptr_null(k.listed[2].diagnostics);
	ktap_fini(&k);
}
END_TEST

START_TEST(only_the_last_lines_are_kept)
{
	struct ktap k = {.depth = 0};
	char line[3 * KTAP_REASON_BYTES], want[64];

	ktap_line(&k, "KTAP version 1", 0);
	for (int i = 0; i < 1000; i++) {
		snprintf(line, sizeof(line), "# line %d", i);
		ktap_line(&k, line, 0);
	}
	memset(line, 'x', sizeof(line));
	line[sizeof(line) - 1] = '\0';
	ktap_line(&k, line, 0);
	ktap_line(&k, "not ok 1 a", 0);
	ktap_finish(&k);
	const char *text = k.listed[0].diagnostics;
	for (int i = 1001 - KTAP_DIAGNOSTIC_LINES; i < 1000; i++) {
		snprintf(want, sizeof(want), "# line %d\n", i);
		ck_assert_mem_eq(text, want, strlen(want));
		text += strlen(want);
	}
	ck_assert_uint_eq(strlen(text), KTAP_REASON_BYTES);
	ktap_fini(&k);
}
END_TEST

/* Bounds */

START_TEST(endless_results_are_counted)
{
	struct ktap k = {.depth = 0};
	char problem[160];
	unsigned n = KTAP_CASES_MAX + 10000;

	ktap_line(&k, "KTAP version 1", 0);
	for (unsigned i = 0; i < n; i++) {
		ktap_line(&k, "# why", i);
		ktap_line(&k, i % 2 ? "ok 1 a" : "not ok 1 a # b", i);
	}
	ktap_finish(&k);
	ck_assert_uint_eq(k.n_listed, KTAP_CASES_MAX);
	ck_assert_uint_eq(ktap_total(&k), n);
	ck_assert_uint_eq(ktap_failures(&k), n / 2);
	ck_assert_uint_eq(k.count[KTAP_PASS], n / 2);
	ck_assert(ktap_problem(&k, problem, sizeof(problem)));
	ck_assert_str_eq(problem, "21384 of 42768 tests failed, the first is 'a'");
	unsigned diagnosed = 0;
	for (size_t i = 0; i < k.n_listed; i++)
		diagnosed += k.listed[i].diagnostics != NULL;
	ck_assert_uint_eq(diagnosed, KTAP_DIAGNOSED_MAX);
	ktap_fini(&k);
}
END_TEST

START_TEST(a_failure_beyond_the_list_is_told)
{
	struct ktap k = {.depth = 0};
	char problem[160];

	for (unsigned i = 0; i < KTAP_CASES_MAX; i++)
		ktap_line(&k, "ok 1 a", 0);
	ktap_line(&k, "not ok 1 b", 0);
	ktap_finish(&k);
	ck_assert(ktap_problem(&k, problem, sizeof(problem)));
	ck_assert_str_eq(problem, "1 of 32769 tests failed");
	ktap_fini(&k);
}
END_TEST

/* In and out again at all depths: neither the levels nor the paths grow without end. */
START_TEST(depth_is_bounded)
{
	struct ktap k = {.depth = 0};
	char line[128];

	for (int round = 0; round < 20; round++) {
		for (int width = 0; width < 60; width++) {
			snprintf(line, sizeof(line), "%*sKTAP version 1", width, "");
			ktap_line(&k, line, 0);
			snprintf(line, sizeof(line), "%*sok 1 a_name_that_is_rather_long", width,
				 "");
			ktap_line(&k, line, 0);
			ck_assert_uint_le(k.depth, KTAP_WIDTH_MAX + 1);
		}
		for (int width = 60; width-- > 0;) {
			snprintf(line, sizeof(line), "%*sok 1 a_name_that_is_rather_long", width,
				 "");
			ktap_line(&k, line, 0);
		}
	}
	ktap_finish(&k);
	/* Going in, one of each level; going out, only the innermost level's own. */
	ck_assert_uint_eq(ktap_total(&k), 20 * (KTAP_WIDTH_MAX + 2));
	for (size_t i = 0; i < k.n_listed; i++)
		ck_assert_uint_lt(strlen(k.listed[i].path), KTAP_PATH_BYTES);
	ktap_fini(&k);
}
END_TEST

START_TEST(results_have_names)
{
	static const char *const names[KTAP_RESULTS] = {"pass", "fail",    "skip",
							"todo", "timeout", "error"};

	for (unsigned i = 0; i < KTAP_RESULTS; i++) {
		ck_assert_str_eq(ktap_result_name(i), names[i]);
		ck_assert_int_eq(ktap_is_failure(i), i == KTAP_FAIL || i >= KTAP_TIMEOUT);
	}
}
END_TEST

int main(void)
{
	Suite *s = suite_create("ktap");
	TCase *t = tcase_create("ktap");

	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, a_line_says, 0, COUNT(lines));
	tcase_add_loop_test(t, a_run_is_judged, 0, COUNT(runs));
	tcase_add_test(t, a_real_kernels_output);
	tcase_add_test(t, a_short_buffer_is_enough);
	tcase_add_test(t, times_are_those_of_the_lines);
	tcase_add_test(t, a_failure_has_the_lines_before_it);
	tcase_add_test(t, only_the_last_lines_are_kept);
	tcase_add_test(t, endless_results_are_counted);
	tcase_add_test(t, a_failure_beyond_the_list_is_told);
	tcase_add_test(t, depth_is_bounded);
	tcase_add_test(t, results_have_names);
	suite_add_tcase(s, t);
	return run_suite(s);
}
