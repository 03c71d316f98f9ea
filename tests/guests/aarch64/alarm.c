/* SPDX-License-Identifier: BSD-3-Clause */
/* The PL031's alarm comes at its second, to the interrupt controller, and goes when it is cleared.
 */
#include "guest.h"

enum {
	RTC_DR = 0x00,
	RTC_MR = 0x04,
	RTC_LR = 0x08,
	RTC_IMSC = 0x10,
	RTC_RIS = 0x14,
	RTC_MIS = 0x18
};
enum { RTC_ICR = 0x1c };
enum { GICD_ISPENDR = 0x200, GICD_ICFGR = 0xc00 };
enum { INTID = 32 + ARM64_RTC_SPI };

static uint32_t rtc(unsigned offset)
{
	return read32(ARM64_RTC_GPA + offset);
}

static void set_rtc(unsigned offset, uint32_t value)
{
	write32(ARM64_RTC_GPA + offset, value);
}

static bool is_pending(void)
{
	return read32(ARM64_GIC_DIST_GPA + GICD_ISPENDR + INTID / 32 * 4) >> INTID % 32 & 1;
}

void guest_main(void)
{
	write32(ARM64_GIC_DIST_GPA + GICD_ICFGR + INTID / 16 * 4, 0); /* levels */
	set_rtc(RTC_LR, 1000);
	set_rtc(RTC_MR, 1002);
	set_rtc(RTC_IMSC, 1);
	check(!is_pending(), "an interrupt before the alarm's time");
	say("alarm: waiting");
	while (!is_pending())
		;
	check(rtc(RTC_DR) >= 1002 && rtc(RTC_DR) < 1060, "the alarm's time");
	check(rtc(RTC_RIS) == 1 && rtc(RTC_MIS) == 1, "RTCRIS and RTCMIS after the alarm");
	set_rtc(RTC_ICR, 1);
	check(rtc(RTC_RIS) == 0 && rtc(RTC_MIS) == 0, "RTCRIS and RTCMIS after RTCICR");
	check(!is_pending(), "the interrupt after RTCICR");
	say("SUCCESS");
	end(0);
}
