/* SPDX-License-Identifier: BSD-3-Clause */
/* The ACPI tables: see acpi.h. Section numbers are ACPI 6.5's. */
#include "arch/x86_64/acpi.h"

#include "arch/acpi_pm.h"
#include "arch/x86_64/acpi_area.h"
#include "arch/x86_64/acpi_madt.h"
#include "arch/x86_64/aml.h"
#include "arch/x86_64/checksum.h"

#include <string.h>

enum {
	FADT_REVISION = 6,
	FADT_MINOR = 5,
	XSDT_REVISION = 1,
	DSDT_REVISION = 2,
	FACS_VERSION = 2,
};

/* The devices that a guest finds by name. Seven characters are an EISA id, else a string. */
static const struct dsdt_device {
	enum dev_kind kind;
	const char *name;
	const char *hid;
} dsdt_devices[] = {
	{DEV_UART16550, "COM1", "PNP0501"},
	{DEV_CMOS, "RTC", "PNP0B00"},
	{DEV_PVPANIC, "PVP", "QEMU0001"},
};

enum {
	DSDT_DEVICES = sizeof(dsdt_devices) / sizeof(dsdt_devices[0]),
	EISA_ID_CHARS = 7,
};

static void add_device(struct aml *a, const struct dsdt_device *named, const struct devdesc *dev)
{
	size_t device = aml_open_device(a, named->name);
	aml_name(a, "_HID");
	if (strlen(named->hid) == EISA_ID_CHARS)
		aml_eisa_id(a, named->hid);
	else
		aml_string(a, named->hid);
	aml_name(a, "_UID");
	aml_integer(a, 0);

	aml_name(a, "_CRS");
	size_t resources = aml_open_resources(a);
	aml_io(a, (uint16_t)dev->base, (uint8_t)dev->size);
	if (dev->irq != DEV_NO_IRQ)
		aml_interrupt(a, (uint32_t)dev->irq);
	aml_close_resources(a, resources);
	aml_close(a, device);
}

/* 7.4.2: \_S5 holds what goes to SLP_TYP; the second value and the rest mean nothing here. */
static void add_s5(struct aml *a)
{
	aml_name(a, "\\_S5");
	size_t s5 = aml_open_package(a, 4);
	aml_integer(a, ACPI_PM_SLP_TYP_S5);
	for (int i = 0; i < 3; i++)
		aml_integer(a, 0);
	aml_close(a, s5);
}

static gpa_t write_dsdt(struct acpi_area *area, struct devlist devs)
{
	size_t start = acpi_area_next(area);
	struct acpi_header h = acpi_area_header("DSDT", DSDT_REVISION);
	acpi_area_put(area, &h, sizeof(h));

	struct aml a;
	aml_init(&a, area->bytes + area->used, acpi_area_room(area));
	add_s5(&a);
	size_t sb = aml_open_scope(&a, "\\_SB");
	for (unsigned i = 0; i < DSDT_DEVICES; i++) {
		const struct devdesc *dev = devlist_find(devs, dsdt_devices[i].kind);
		if (dev && dev->space == DEV_PIO)
			add_device(&a, &dsdt_devices[i], dev);
	}
	aml_close(&a, sb);
	area->overflow |= a.overflow;
	area->used += a.used;
	return acpi_area_finish(area, start);
}

/* 5.2.10: it stays the firmware's, so it lies where the memory map says "reserved". */
static int write_facs(const struct gmem *mem, struct err *e)
{
	const struct acpi_facs facs = {
		.signature = {'F', 'A', 'C', 'S'},
		.length = sizeof(facs),
		.version = FACS_VERSION,
	};
	return gmem_write(mem, X86_FACS_GPA, &facs, sizeof(facs), "ACPI tables: FACS", e);
}

/* A register, or a block of them, of @bits. */
static struct acpi_gas pm_register(const struct devdesc *pm, unsigned offset, uint8_t bits)
{
	return (struct acpi_gas){
		.address_space_id = ACPI_GAS_SYSTEM_IO,
		.register_bit_width = bits,
		.access_size = bits > 8 ? ACPI_GAS_WORD_ACCESS : ACPI_GAS_BYTE_ACCESS,
		.address = pm->base + offset,
	};
}

/* 4.8.3: fixed hardware without timer, buttons and general-purpose events. */
static void add_fixed_hardware(struct acpi_fadt *fadt, const struct devdesc *pm)
{
	fadt->sci_int = (uint16_t)pm->irq;
	fadt->pm1a_evt_blk = (uint32_t)pm->base + ACPI_PM1_EVT;
	fadt->pm1a_cnt_blk = (uint32_t)pm->base + ACPI_PM1_CNT;
	fadt->pm1_evt_len = ACPI_PM1_EVT_BYTES;
	fadt->pm1_cnt_len = ACPI_PM1_CNT_BYTES;
	fadt->p_lvl2_lat = ACPI_NO_C2;
	fadt->p_lvl3_lat = ACPI_NO_C3;
	fadt->reset_reg = pm_register(pm, ACPI_PM_RESET, 8);
	fadt->reset_value = ACPI_PM_RESET_VALUE;
	fadt->x_pm1a_evt_blk = pm_register(pm, ACPI_PM1_EVT, ACPI_PM1_EVT_BYTES * 8);
	fadt->x_pm1a_cnt_blk = pm_register(pm, ACPI_PM1_CNT, ACPI_PM1_CNT_BYTES * 8);
}

static gpa_t write_fadt(struct acpi_area *area, struct devlist devs, const struct devdesc *pm,
			gpa_t dsdt_gpa)
{
	/* The i8042 can only reset the machine: there is no keyboard to probe for. */
	unsigned boot_arch = ACPI_IAPC_VGA_NOT_PRESENT;
	if (!devlist_find(devs, DEV_CMOS))
		boot_arch |= ACPI_IAPC_CMOS_RTC_NOT_PRESENT;

	struct acpi_fadt fadt = {
		.header = acpi_area_header("FACP", FADT_REVISION),
		.fadt_minor_version = FADT_MINOR,
		.firmware_ctrl = X86_FACS_GPA,
		.dsdt = (uint32_t)dsdt_gpa,
		.x_dsdt = dsdt_gpa,
		.iapc_boot_arch = (uint16_t)boot_arch,
		.flags = ACPI_FADT_RESET_REG_SUP | ACPI_FADT_FIX_RTC | ACPI_FADT_SLP_BUTTON |
			 ACPI_FADT_PWR_BUTTON | ACPI_FADT_WBINVD,
		.hypervisor_vendor_identity = {'m', 'i', 'n', 'i', 'v', 'm', 'm'},
	};
	add_fixed_hardware(&fadt, pm);
	size_t start = acpi_area_next(area);
	acpi_area_put(area, &fadt, sizeof(fadt));
	return acpi_area_finish(area, start);
}

/* What lies at X86_ACPI_GPA, where kernels that search for an RSDP find it (5.2.5.1). */
struct front {
	struct acpi_rsdp rsdp;
	uint8_t pad[12];
	struct acpi_xsdt xsdt;
} __attribute__((packed));

_Static_assert(offsetof(struct front, xsdt) % ACPI_TABLE_ALIGNMENT == 0, "XSDT aligned");

static void write_front(struct acpi_area *area, gpa_t fadt_gpa, gpa_t madt_gpa)
{
	struct front front = {
		.rsdp = {.signature = {'R', 'S', 'D', ' ', 'P', 'T', 'R', ' '},
			 .oem_id = {'M', 'I', 'N', 'I', 'V', 'M'},
			 .revision = 2,
			 .length = sizeof(front.rsdp),
			 .xsdt_address = X86_ACPI_GPA + offsetof(struct front, xsdt)},
		.xsdt = {.header = acpi_area_header("XSDT", XSDT_REVISION),
			 .entry = {fadt_gpa, madt_gpa}},
	};
	front.xsdt.header.length = sizeof(front.xsdt);
	front.xsdt.header.checksum = table_checksum(&front.xsdt, sizeof(front.xsdt));
	front.rsdp.checksum = table_checksum(&front.rsdp, ACPI_RSDP_V1_BYTES);
	front.rsdp.extended_checksum = table_checksum(&front.rsdp, sizeof(front.rsdp));
	memcpy(area->bytes, &front, sizeof(front));
}

/* The machine's power management registers, which every table is about. */
static int find_pm(struct devlist devs, const struct devdesc **pm, struct err *e)
{
	*pm = devlist_find(devs, DEV_ACPI_PM);
	if (!*pm)
		return err_set(e, "ACPI tables: the machine has no power management registers");
	if ((*pm)->space != DEV_PIO || (*pm)->base > 0xffff - (ACPI_PM_PORTS - 1))
		return err_set(e, "ACPI tables: the power management registers are no I/O ports");
	if ((*pm)->irq == DEV_NO_IRQ)
		return err_set(e, "ACPI tables: the power management registers have no interrupt "
				  "(SCI)");
	return 0;
}

int acpi_write(const struct gmem *mem, struct devlist devs, unsigned cpus, gpa_t *rsdp_gpa,
	       struct err *e)
{
	const struct devdesc *pm;
	gpa_t madt_gpa;

	if (!cpus)
		return err_set(e, "ACPI tables: 0 CPUs, expected at least 1");
	if (find_pm(devs, &pm, e))
		return -1;
	struct acpi_area area = {gmem_at(mem, X86_ACPI_GPA, X86_ACPI_BYTES), sizeof(struct front),
				 false};
	if (!area.bytes)
		return err_set(e, "ACPI tables: %llu bytes at 0x%llx do not lie in RAM",
			       X86_ACPI_BYTES, X86_ACPI_GPA);

	gpa_t dsdt_gpa = write_dsdt(&area, devs);
	gpa_t fadt_gpa = write_fadt(&area, devs, pm, dsdt_gpa);
	if (acpi_madt_write(&area, devs, cpus, &madt_gpa, e)) /* last: it is the one that grows */
		return -1;
	if (area.overflow)
		return err_set(e, "ACPI tables: they do not fit in %llu bytes", X86_ACPI_BYTES);
	if (write_facs(mem, e))
		return -1;
	write_front(&area, fadt_gpa, madt_gpa);
	*rsdp_gpa = X86_ACPI_GPA;
	return 0;
}
