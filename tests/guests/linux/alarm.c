/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * alarm SECONDS: sets /dev/rtc0's alarm so many seconds ahead and waits for it; then waits for two
 * updates of the clock, which Linux makes of alarms, too. Source: Linux Documentation/admin-guide/
 * rtc.rst.
 */
#include <fcntl.h>
#include <linux/rtc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

static int rtc;

static void control(unsigned long request, void *arg, const char *what)
{
	if (ioctl(rtc, request, arg) == 0)
		return;
	perror(what);
	exit(1);
}

static time_t now(void)
{
	struct rtc_time t;
	struct tm tm = {0};

	control(RTC_RD_TIME, &t, "RTC_RD_TIME");
	memcpy(&tm, &t, sizeof(t)); /* the same fields, as far as it goes */
	return timegm(&tm);
}

/* Returns the kind of interrupt, RTC_AF or RTC_UF. */
static unsigned long wait_for_interrupt(void)
{
	unsigned long data;

	if (read(rtc, &data, sizeof(data)) == sizeof(data))
		return data & (RTC_AF | RTC_UF | RTC_PF);
	perror("read");
	exit(1);
}

static void set_alarm(time_t at)
{
	struct rtc_wkalrm alarm = {.enabled = 1};
	struct tm tm;

	gmtime_r(&at, &tm);
	memcpy(&alarm.time, &tm, sizeof(alarm.time));
	control(RTC_WKALM_SET, &alarm, "RTC_WKALM_SET");
}

int main(int argc, char **argv)
{
	time_t at;

	rtc = open("/dev/rtc0", O_RDONLY);
	if (rtc < 0 || argc < 2) {
		perror("/dev/rtc0");
		return 1;
	}
	at = now() + atoi(argv[1]);
	set_alarm(at);
	if (wait_for_interrupt() != RTC_AF || now() < at) {
		printf("alarm: too early\n");
		return 1;
	}
	printf("alarm: %d s late\n", (int)(now() - at));
	control(RTC_UIE_ON, NULL, "RTC_UIE_ON");
	for (int i = 0; i < 2; i++)
		if (wait_for_interrupt() != RTC_UF)
			return 1;
	printf("alarm: two updates\n");
	return 0;
}
