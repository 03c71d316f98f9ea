/* SPDX-License-Identifier: BSD-3-Clause */
/* The ACPI tables: see acpi.h. Section numbers are ACPI 6.5's. */
#include "arch/x86_64/acpi.h"

#include "arch/x86_64/acpi_tables.h"
#include "arch/x86_64/aml.h"
#include "arch/x86_64/checksum.h"
#include "arch/x86_64/layout.h"

#include <string.h>

enum {
	TABLE_ALIGNMENT = 16,
};
enum {
	FADT_REVISION = 6,
	FADT_MINOR = 5,
	MADT_REVISION = 6,
	XSDT_REVISION = 1,
	DSDT_REVISION = 2,
};
enum {
	X2APIC_FIRST_ID = 255,
}; /* the first id that a Processor Local APIC entry cannot hold */

/* The guest memory that the tables fill from the front. */
struct area {
	uint8_t *bytes; /* at X86_ACPI_GPA */
	size_t used;
	bool overflow; /* something did not fit: what is there is worth nothing */
};

/* Where the next table goes. */
static size_t next_table(struct area *area)
{
	area->used = (area->used + TABLE_ALIGNMENT - 1) & ~(size_t)(TABLE_ALIGNMENT - 1);
	return area->used;
}

static size_t room(const struct area *area)
{
	return X86_ACPI_BYTES - area->used;
}

static void put(struct area *area, const void *src, size_t len)
{
	if (area->overflow || len > room(area)) {
		area->overflow = true;
		return;
	}
	memcpy(area->bytes + area->used, src, len);
	area->used += len;
}

static struct acpi_header make_header(const char *signature, uint8_t revision)
{
	struct acpi_header h = {
		.revision = revision,
		.oem_id = {'M', 'I', 'N', 'I', 'V', 'M'},
		.oem_table_id = {'M', 'I', 'C', 'R', 'O', '-', 'V', 'M'},
		.oem_revision = 1,
		.creator_id = {'M', 'V', 'M', 'M'},
		.creator_revision = 1,
	};
	memcpy(h.signature, signature, sizeof(h.signature));
	return h;
}

/* The table from @start to where the area is filled is complete: length and checksum. */
static gpa_t finish_table(struct area *area, size_t start)
{
	struct acpi_header h;
	uint8_t *table = area->bytes + start;

	if (area->overflow)
		return 0;
	memcpy(&h, table, sizeof(h));
	h.length = (uint32_t)(area->used - start);
	memcpy(table, &h, sizeof(h));
	h.checksum = table_checksum(table, h.length);
	memcpy(table, &h, sizeof(h));
	return X86_ACPI_GPA + start;
}

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
	aml_integer(a, X86_PM_SLP_TYP_S5);
	for (int i = 0; i < 3; i++)
		aml_integer(a, 0);
	aml_close(a, s5);
}

static gpa_t write_dsdt(struct area *area, struct devlist devs)
{
	size_t start = next_table(area);
	struct acpi_header h = make_header("DSDT", DSDT_REVISION);
	put(area, &h, sizeof(h));

	struct aml a;
	aml_init(&a, area->bytes + area->used, room(area));
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
	return finish_table(area, start);
}

static struct acpi_gas pm_register(const struct devdesc *pm, unsigned offset)
{
	return (struct acpi_gas){
		.address_space_id = ACPI_GAS_SYSTEM_IO,
		.register_bit_width = 8,
		.access_size = ACPI_GAS_BYTE_ACCESS,
		.address = pm->base + offset,
	};
}

static gpa_t write_fadt(struct area *area, struct devlist devs, const struct devdesc *pm,
			gpa_t dsdt_gpa)
{
	/* The i8042 that is there only resets: no keyboard, so none to be probed for. */
	unsigned boot_arch = ACPI_IAPC_VGA_NOT_PRESENT;
	if (!devlist_find(devs, DEV_CMOS))
		boot_arch |= ACPI_IAPC_CMOS_RTC_NOT_PRESENT;

	struct acpi_fadt fadt = {
		.header = make_header("FACP", FADT_REVISION),
		.fadt_minor_version = FADT_MINOR,
		.dsdt = (uint32_t)dsdt_gpa,
		.x_dsdt = dsdt_gpa,
		.iapc_boot_arch = (uint16_t)boot_arch,
		.flags = ACPI_FADT_HW_REDUCED_ACPI | ACPI_FADT_RESET_REG_SUP |
			 ACPI_FADT_SLP_BUTTON | ACPI_FADT_PWR_BUTTON | ACPI_FADT_WBINVD,
		.reset_reg = pm_register(pm, X86_PM_RESET),
		.reset_value = X86_PM_RESET_VALUE,
		.sleep_control_reg = pm_register(pm, X86_PM_SLEEP_CONTROL),
		.sleep_status_reg = pm_register(pm, X86_PM_SLEEP_STATUS),
		.hypervisor_vendor_identity = {'m', 'i', 'n', 'i', 'v', 'm', 'm'},
	};
	size_t start = next_table(area);
	put(area, &fadt, sizeof(fadt));
	return finish_table(area, start);
}

static void add_cpu(struct area *area, uint32_t id)
{
	if (id < X2APIC_FIRST_ID) {
		struct acpi_madt_lapic cpu = {
			.type = ACPI_MADT_LAPIC,
			.length = sizeof(cpu),
			.acpi_processor_uid = (uint8_t)id,
			.apic_id = (uint8_t)id,
			.flags = ACPI_MADT_ENABLED,
		};
		put(area, &cpu, sizeof(cpu));
	} else {
		struct acpi_madt_x2apic cpu = {
			.type = ACPI_MADT_X2APIC,
			.length = sizeof(cpu),
			.x2apic_id = id,
			.flags = ACPI_MADT_ENABLED,
			.acpi_processor_uid = id,
		};
		put(area, &cpu, sizeof(cpu));
	}
}

static uint64_t madt_bytes(unsigned cpus)
{
	uint64_t xapic = cpus < X2APIC_FIRST_ID ? cpus : X2APIC_FIRST_ID;
	return sizeof(struct acpi_madt) + xapic * sizeof(struct acpi_madt_lapic) +
	       (cpus - xapic) * sizeof(struct acpi_madt_x2apic) + sizeof(struct acpi_madt_ioapic) +
	       sizeof(struct acpi_madt_lapic_nmi);
}

/* Errors: too many CPUs for the room there is. */
static int check_madt_room(struct area *area, unsigned cpus, struct err *e)
{
	next_table(area);
	if (madt_bytes(cpus) <= room(area))
		return 0;
	return err_set(
		e, "ACPI tables: a MADT for %u CPUs takes %llu bytes, but there is room for %zu",
		cpus, (unsigned long long)madt_bytes(cpus), room(area));
}

static gpa_t write_madt(struct area *area, unsigned cpus)
{
	size_t start = next_table(area);
	const struct acpi_madt madt = {
		.header = make_header("APIC", MADT_REVISION),
		.local_interrupt_controller_address = X86_LAPIC_GPA,
		.flags = 0, /* no PCAT_COMPAT: the PICs are not ours to use in hardware-reduced ACPI
			     */
	};
	const struct acpi_madt_ioapic ioapic = {
		.type = ACPI_MADT_IOAPIC,
		.length = sizeof(ioapic),
		.io_apic_id = cpus <= 0xff ? (uint8_t)cpus : 0, /* one that no CPU has */
		.io_apic_address = X86_IOAPIC_GPA,
	};
	const struct acpi_madt_lapic_nmi nmi = {
		.type = ACPI_MADT_LAPIC_NMI,
		.length = sizeof(nmi),
		.acpi_processor_uid = ACPI_MADT_ALL_PROCESSORS,
		.local_apic_lint = 1,
	};
	put(area, &madt, sizeof(madt));
	for (unsigned id = 0; id < cpus; id++)
		add_cpu(area, id);
	put(area, &ioapic, sizeof(ioapic));
	put(area, &nmi, sizeof(nmi));
	return finish_table(area, start);
}

/* What lies at X86_ACPI_GPA, where kernels that search for an RSDP find it (5.2.5.1). */
struct front {
	struct acpi_rsdp rsdp;
	uint8_t pad[12];
	struct acpi_xsdt xsdt;
} __attribute__((packed));

_Static_assert(offsetof(struct front, xsdt) % TABLE_ALIGNMENT == 0, "XSDT aligned");

static void write_front(struct area *area, gpa_t fadt_gpa, gpa_t madt_gpa)
{
	struct front front = {
		.rsdp = {.signature = {'R', 'S', 'D', ' ', 'P', 'T', 'R', ' '},
			 .oem_id = {'M', 'I', 'N', 'I', 'V', 'M'},
			 .revision = 2,
			 .length = sizeof(front.rsdp),
			 .xsdt_address = X86_ACPI_GPA + offsetof(struct front, xsdt)},
		.xsdt = {.header = make_header("XSDT", XSDT_REVISION),
			 .entry = {fadt_gpa, madt_gpa}},
	};
	front.xsdt.header.length = sizeof(front.xsdt);
	front.xsdt.header.checksum = table_checksum(&front.xsdt, sizeof(front.xsdt));
	front.rsdp.checksum = table_checksum(&front.rsdp, ACPI_RSDP_V1_BYTES);
	front.rsdp.extended_checksum = table_checksum(&front.rsdp, sizeof(front.rsdp));
	memcpy(area->bytes, &front, sizeof(front));
}

int acpi_write(const struct gmem *mem, struct devlist devs, unsigned cpus, gpa_t *rsdp_gpa,
	       struct err *e)
{
	const struct devdesc *pm = devlist_find(devs, DEV_ACPI_PM);
	if (!cpus)
		return err_set(e, "ACPI tables: 0 CPUs, expected at least 1");
	if (!pm)
		return err_set(e, "ACPI tables: the machine has no power management registers");
	struct area area = {gmem_at(mem, X86_ACPI_GPA, X86_ACPI_BYTES), sizeof(struct front),
			    false};
	if (!area.bytes)
		return err_set(e, "ACPI tables: %llu bytes at 0x%llx do not lie in RAM",
			       X86_ACPI_BYTES, X86_ACPI_GPA);

	gpa_t dsdt_gpa = write_dsdt(&area, devs);
	gpa_t fadt_gpa = write_fadt(&area, devs, pm, dsdt_gpa);
	if (check_madt_room(&area, cpus, e)) /* last: it is the one that grows */
		return -1;
	gpa_t madt_gpa = write_madt(&area, cpus);
	if (area.overflow)
		return err_set(e, "ACPI tables: they do not fit in %llu bytes", X86_ACPI_BYTES);
	write_front(&area, fadt_gpa, madt_gpa);
	*rsdp_gpa = X86_ACPI_GPA;
	return 0;
}
