/* SPDX-License-Identifier: BSD-3-Clause */
/* The MADT: see acpi_madt.h. Section numbers are ACPI 6.5's. */
#include "arch/x86_64/acpi_madt.h"

enum {
	MADT_REVISION = 6,
	ISA_IRQS = 16,
	X2APIC_FIRST_ID = 255, /* the first id that a Processor Local APIC entry cannot hold */
};

static void add_cpu(struct acpi_area *area, uint32_t id)
{
	if (id < X2APIC_FIRST_ID) {
		struct acpi_madt_lapic cpu = {
			.type = ACPI_MADT_LAPIC,
			.length = sizeof(cpu),
			.acpi_processor_uid = (uint8_t)id,
			.apic_id = (uint8_t)id,
			.flags = ACPI_MADT_ENABLED,
		};
		acpi_area_put(area, &cpu, sizeof(cpu));
	} else {
		struct acpi_madt_x2apic cpu = {
			.type = ACPI_MADT_X2APIC,
			.length = sizeof(cpu),
			.x2apic_id = id,
			.flags = ACPI_MADT_ENABLED,
			.acpi_processor_uid = id,
		};
		acpi_area_put(area, &cpu, sizeof(cpu));
	}
}

/*
 * ISA IRQ n is GSI n, as KVM's default routing has it: the PIT's IRQ 0 is at pin 0 and needs no
 * override. What minivmm's devices drive are levels, where an ISA bus has edges.
 */
static void add_overrides(struct acpi_area *area, struct devlist devs)
{
	for (unsigned irq = 0; irq < ISA_IRQS; irq++) {
		const struct acpi_madt_override o = {
			.type = ACPI_MADT_INTERRUPT_OVERRIDE,
			.length = sizeof(o),
			.source = (uint8_t)irq,
			.gsi = irq,
			.flags = ACPI_MADT_ACTIVE_HIGH | ACPI_MADT_LEVEL,
		};
		if (devlist_has_irq(devs, irq))
			acpi_area_put(area, &o, sizeof(o));
	}
}

static uint64_t madt_bytes(struct devlist devs, unsigned cpus)
{
	uint64_t xapic = cpus < X2APIC_FIRST_ID ? cpus : X2APIC_FIRST_ID;
	uint64_t overrides = 0;

	for (unsigned irq = 0; irq < ISA_IRQS; irq++)
		overrides += devlist_has_irq(devs, irq);
	return sizeof(struct acpi_madt) + xapic * sizeof(struct acpi_madt_lapic) +
	       (cpus - xapic) * sizeof(struct acpi_madt_x2apic) + sizeof(struct acpi_madt_ioapic) +
	       overrides * sizeof(struct acpi_madt_override) + sizeof(struct acpi_madt_lapic_nmi);
}

int acpi_madt_write(struct acpi_area *area, struct devlist devs, unsigned cpus, gpa_t *madt_gpa,
		    struct err *e)
{
	size_t start = acpi_area_next(area);
	uint64_t bytes = madt_bytes(devs, cpus);
	if (bytes > acpi_area_room(area))
		return err_set(e,
			       "ACPI tables: a MADT for %u CPUs takes %llu bytes, but there is "
			       "room for %zu",
			       cpus, (unsigned long long)bytes, acpi_area_room(area));

	const struct acpi_madt madt = {
		.header = acpi_area_header("APIC", MADT_REVISION),
		.local_interrupt_controller_address = X86_LAPIC_GPA,
		.flags = ACPI_MADT_PCAT_COMPAT,
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
	acpi_area_put(area, &madt, sizeof(madt));
	for (unsigned id = 0; id < cpus; id++)
		add_cpu(area, id);
	acpi_area_put(area, &ioapic, sizeof(ioapic));
	add_overrides(area, devs);
	acpi_area_put(area, &nmi, sizeof(nmi));
	*madt_gpa = acpi_area_finish(area, start);
	return 0;
}
