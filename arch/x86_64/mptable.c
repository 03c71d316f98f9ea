/* SPDX-License-Identifier: BSD-3-Clause */
/* The MP table: see mptable.h. Names and numbers are chapter 4's of the specification. */
#include "arch/x86_64/mptable.h"

#include "arch/x86_64/checksum.h"
#include "arch/x86_64/layout.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

enum {
	MAX_CPUS = 254, /* id 254 is then left for the IO-APIC; 0xff means "all" */
	ISA_IRQS = 16,
	SPEC_REV = 4,         /* 1.4 */
	LAPIC_VERSION = 0x14, /* integrated */
	IOAPIC_VERSION = 0x11,
	ISA_BUS = 0,
	ALL_LAPICS = 0xff,
};

enum {
	ENTRY_PROCESSOR,
	ENTRY_BUS,
	ENTRY_IOAPIC,
	ENTRY_IO_INTERRUPT,
	ENTRY_LOCAL_INTERRUPT,
};
enum {
	INTERRUPT_INT,
	INTERRUPT_NMI,
	INTERRUPT_SMI,
	INTERRUPT_EXTINT,
};
enum {
	CPU_ENABLED = 1 << 0,
	CPU_BOOTSTRAP = 1 << 1,
};
enum {
	IOAPIC_USABLE = 1,
};
enum {
	FLAGS_CONFORM = 0,
	FLAGS_LEVEL_HIGH = 3 << 2 | 1 << 0,
};

struct mp_floating {
	char signature[4]; /* "_MP_" */
	uint32_t physical_address;
	uint8_t length; /* in 16 bytes */
	uint8_t spec_rev;
	uint8_t checksum;
	uint8_t features[5]; /* 0: a configuration table, no IMCR */
} __attribute__((packed));

struct mp_header {
	char signature[4];          /* "PCMP" */
	uint16_t base_table_length; /* with this header */
	uint8_t spec_rev;
	uint8_t checksum;
	char oem_id[8];
	char product_id[12];
	uint32_t oem_table_pointer;
	uint16_t oem_table_size;
	uint16_t entry_count;
	uint32_t lapic_address;
	uint16_t extended_table_length;
	uint8_t extended_table_checksum;
	uint8_t reserved;
} __attribute__((packed));

struct mp_processor {
	uint8_t entry_type;
	uint8_t lapic_id;
	uint8_t lapic_version;
	uint8_t cpu_flags;
	uint32_t cpu_signature;
	uint32_t feature_flags;
	uint32_t reserved[2];
} __attribute__((packed));

struct mp_bus {
	uint8_t entry_type;
	uint8_t bus_id;
	char bus_type[6]; /* padded with spaces */
} __attribute__((packed));

struct mp_ioapic {
	uint8_t entry_type;
	uint8_t ioapic_id;
	uint8_t ioapic_version;
	uint8_t ioapic_flags;
	uint32_t ioapic_address;
} __attribute__((packed));

struct mp_interrupt { /* of an IO-APIC or of local APICs */
	uint8_t entry_type;
	uint8_t interrupt_type;
	uint16_t flags; /* polarity in bits 1:0, trigger mode in 3:2 */
	uint8_t source_bus_id;
	uint8_t source_bus_irq;
	uint8_t destination_id;
	uint8_t destination_pin;
} __attribute__((packed));

_Static_assert(sizeof(struct mp_floating) == 16, "floating pointer");
_Static_assert(sizeof(struct mp_header) == 44, "configuration table header");
_Static_assert(sizeof(struct mp_processor) == 20, "processor entry");
_Static_assert(sizeof(struct mp_bus) == 8, "bus entry");
_Static_assert(sizeof(struct mp_ioapic) == 8, "I/O APIC entry");
_Static_assert(sizeof(struct mp_interrupt) == 8, "interrupt entry");

/* The largest table, built here before it is written. */
struct mp_table {
	struct mp_floating floating;
	struct mp_header header;
	uint8_t entries[MAX_CPUS * sizeof(struct mp_processor) + sizeof(struct mp_bus) +
			sizeof(struct mp_ioapic) + (ISA_IRQS + 2) * sizeof(struct mp_interrupt)];
} __attribute__((packed));

_Static_assert(sizeof(struct mp_table) <= X86_MPTABLE_BYTES, "any table fits");

static void add_entry(struct mp_table *t, const void *entry, size_t len)
{
	size_t used = t->header.base_table_length - sizeof(t->header); /* all entries have room */
	memcpy(t->entries + used, entry, len);
	t->header.base_table_length = (uint16_t)(t->header.base_table_length + len);
	t->header.entry_count++;
}

static void add_processors(struct mp_table *t, unsigned cpus)
{
	for (unsigned id = 0; id < cpus; id++) {
		struct mp_processor cpu = {
			.entry_type = ENTRY_PROCESSOR,
			.lapic_id = (uint8_t)id,
			.lapic_version = LAPIC_VERSION,
			.cpu_flags = id == 0 ? CPU_ENABLED | CPU_BOOTSTRAP : CPU_ENABLED,
			.cpu_signature = 0x600, /* family 6; kernels ask CPUID instead */
			.feature_flags = 0x201, /* FPU, APIC */
		};
		add_entry(t, &cpu, sizeof(cpu));
	}
}

/*
 * ISA IRQ n on pin n, as KVM's default routing has it; no override for IRQ 0. What minivmm's
 * devices drive are levels, active high.
 */
static void add_isa_interrupts(struct mp_table *t, struct devlist devs, uint8_t ioapic_id)
{
	for (unsigned irq = 0; irq < ISA_IRQS; irq++) {
		struct mp_interrupt intr = {
			.entry_type = ENTRY_IO_INTERRUPT,
			.interrupt_type = INTERRUPT_INT,
			.flags = devlist_has_irq(devs, irq) ? FLAGS_LEVEL_HIGH : FLAGS_CONFORM,
			.source_bus_id = ISA_BUS,
			.source_bus_irq = (uint8_t)irq,
			.destination_id = ioapic_id,
			.destination_pin = (uint8_t)irq,
		};
		add_entry(t, &intr, sizeof(intr));
	}
}

/* The PICs on LINT0, NMI on LINT1, of every local APIC. */
static void add_local_interrupts(struct mp_table *t)
{
	static const uint8_t lint_type[2] = {INTERRUPT_EXTINT, INTERRUPT_NMI};
	for (unsigned lint = 0; lint < 2; lint++) {
		struct mp_interrupt intr = {
			.entry_type = ENTRY_LOCAL_INTERRUPT,
			.interrupt_type = lint_type[lint],
			.flags = FLAGS_CONFORM,
			.source_bus_id = ISA_BUS,
			.destination_id = ALL_LAPICS,
			.destination_pin = (uint8_t)lint,
		};
		add_entry(t, &intr, sizeof(intr));
	}
}

int mptable_write(const struct gmem *mem, struct devlist devs, unsigned cpus, struct err *e)
{
	if (!cpus)
		return err_set(e, "MP table: 0 CPUs, expected at least 1");
	if (cpus > MAX_CPUS)
		cpus = MAX_CPUS;

	struct mp_table t = {
		.floating = {.signature = {'_', 'M', 'P', '_'},
			     .physical_address = X86_MPTABLE_GPA + sizeof(t.floating),
			     .length = sizeof(t.floating) / 16,
			     .spec_rev = SPEC_REV},
		.header = {.signature = {'P', 'C', 'M', 'P'},
			   .base_table_length = sizeof(t.header),
			   .spec_rev = SPEC_REV,
			   .oem_id = {'M', 'I', 'N', 'I', 'V', 'M', 'M', ' '},
			   .product_id = {'M', 'I', 'C', 'R', 'O', '-', 'V', 'M', ' ', ' ', ' ',
					  ' '},
			   .lapic_address = X86_LAPIC_GPA},
	};
	const struct mp_bus isa = {ENTRY_BUS, ISA_BUS, {'I', 'S', 'A', ' ', ' ', ' '}};
	const struct mp_ioapic ioapic = {ENTRY_IOAPIC, (uint8_t)cpus, IOAPIC_VERSION, IOAPIC_USABLE,
					 X86_IOAPIC_GPA};

	add_processors(&t, cpus);
	add_entry(&t, &isa, sizeof(isa));
	add_entry(&t, &ioapic, sizeof(ioapic));
	add_isa_interrupts(&t, devs, ioapic.ioapic_id);
	add_local_interrupts(&t);

	t.floating.checksum = table_checksum(&t.floating, sizeof(t.floating));
	t.header.checksum = table_checksum(&t.header, t.header.base_table_length);
	size_t bytes = sizeof(t.floating) + t.header.base_table_length;
	return gmem_write(mem, X86_MPTABLE_GPA, &t, bytes, "MP table", e);
}
