/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The ACPI tables, byte for byte. Field names are the specification's. All are little-endian.
 * Source: ACPI 6.5, section 5.2.
 */
#ifndef ARCH_X86_64_ACPI_TABLES_H
#define ARCH_X86_64_ACPI_TABLES_H

#include <stddef.h>
#include <stdint.h>

/* 5.2.5.3, Root System Description Pointer */
struct acpi_rsdp {
	char signature[8]; /* "RSD PTR " */
	uint8_t checksum;  /* of the first 20 bytes */
	char oem_id[6];
	uint8_t revision; /* 2 */
	uint32_t rsdt_address;
	uint32_t length;
	uint64_t xsdt_address;
	uint8_t extended_checksum; /* of all */
	uint8_t reserved[3];
} __attribute__((packed));

enum {
	ACPI_RSDP_V1_BYTES = 20,
};

/* 5.2.6, what every other table starts with */
struct acpi_header {
	char signature[4];
	uint32_t length; /* of the whole table */
	uint8_t revision;
	uint8_t checksum; /* makes the sum of the whole table 0 */
	char oem_id[6];
	char oem_table_id[8];
	uint32_t oem_revision;
	char creator_id[4];
	uint32_t creator_revision;
} __attribute__((packed));

/* 5.2.8, Extended System Description Table */
enum {
	ACPI_XSDT_ENTRIES = 2,
};

struct acpi_xsdt {
	struct acpi_header header;
	uint64_t entry[ACPI_XSDT_ENTRIES]; /* FADT, MADT */
} __attribute__((packed));

/* 5.2.3.2, Generic Address Structure */
enum {
	ACPI_GAS_SYSTEM_IO = 1,
	ACPI_GAS_BYTE_ACCESS = 1,
	ACPI_GAS_WORD_ACCESS = 2,
};

struct acpi_gas {
	uint8_t address_space_id;
	uint8_t register_bit_width;
	uint8_t register_bit_offset;
	uint8_t access_size;
	uint64_t address;
} __attribute__((packed));

/* 5.2.9, Fixed ACPI Description Table */
enum {
	ACPI_FADT_WBINVD = 1 << 0,
	ACPI_FADT_PWR_BUTTON = 1 << 4, /* set: no fixed power button */
	ACPI_FADT_SLP_BUTTON = 1 << 5, /* set: no fixed sleep button */
	ACPI_FADT_FIX_RTC = 1 << 6,    /* set: no RTC status in the PM1 event block */
	ACPI_FADT_RESET_REG_SUP = 1 << 10,
};

enum {
	ACPI_IAPC_8042 = 1 << 1,
	ACPI_IAPC_VGA_NOT_PRESENT = 1 << 2,
	ACPI_IAPC_CMOS_RTC_NOT_PRESENT = 1 << 5,
};

struct acpi_fadt {
	struct acpi_header header;
	uint32_t firmware_ctrl;
	uint32_t dsdt;
	uint8_t reserved0;
	uint8_t preferred_pm_profile;
	uint16_t sci_int;
	uint32_t smi_cmd; /* 0: ACPI is on from the start, SCI_EN is set */
	uint8_t pad0[56 - 52];
	uint32_t pm1a_evt_blk;
	uint32_t pm1b_evt_blk;
	uint32_t pm1a_cnt_blk;
	uint8_t pad1[88 - 68]; /* PM1b, PM2, PM timer, GPEs: none */
	uint8_t pm1_evt_len;
	uint8_t pm1_cnt_len;
	uint8_t pm2_cnt_len;
	uint8_t pm_tmr_len; /* 0: no timer */
	uint8_t pad2[96 - 92];
	uint16_t p_lvl2_lat;
	uint16_t p_lvl3_lat;
	uint8_t pad3[109 - 100];
	uint16_t iapc_boot_arch;
	uint8_t reserved1;
	uint32_t flags;
	struct acpi_gas reset_reg;
	uint8_t reset_value;
	uint16_t arm_boot_arch;
	uint8_t fadt_minor_version;
	uint64_t x_firmware_ctrl;
	uint64_t x_dsdt;
	struct acpi_gas x_pm1a_evt_blk;
	struct acpi_gas x_pm1b_evt_blk;
	struct acpi_gas x_pm1a_cnt_blk;
	uint8_t pad4[244 - 184]; /* PM1b, PM2, PM timer, GPEs: none */
	struct acpi_gas sleep_control_reg;
	struct acpi_gas sleep_status_reg;
	uint8_t hypervisor_vendor_identity[8];
} __attribute__((packed));

enum {
	ACPI_NO_C2 = 101,  /* a P_LVL2_LAT above 100 us: no C2 */
	ACPI_NO_C3 = 1001, /* a P_LVL3_LAT above 1000 us: no C3 */
};

/* 5.2.10, Firmware ACPI Control Structure: no checksum, aligned to 64 bytes */
struct acpi_facs {
	char signature[4]; /* "FACS" */
	uint32_t length;
	uint32_t hardware_signature;
	uint32_t firmware_waking_vector;
	uint32_t global_lock;
	uint32_t flags;
	uint64_t x_firmware_waking_vector;
	uint8_t version; /* 2 */
	uint8_t reserved[31];
} __attribute__((packed));

/* 5.2.12, Multiple APIC Description Table, and its entries */
struct acpi_madt {
	struct acpi_header header;
	uint32_t local_interrupt_controller_address;
	uint32_t flags;
} __attribute__((packed));

enum {
	ACPI_MADT_PCAT_COMPAT = 1 << 0, /* there are two 8259 PICs, too */
};

enum {
	ACPI_MADT_LAPIC = 0,
	ACPI_MADT_IOAPIC = 1,
	ACPI_MADT_INTERRUPT_OVERRIDE = 2,
	ACPI_MADT_LAPIC_NMI = 4,
	ACPI_MADT_X2APIC = 9,
};
enum {
	ACPI_MADT_ENABLED = 1 << 0,
};
enum {
	ACPI_MADT_ALL_PROCESSORS = 0xff,
};

struct acpi_madt_lapic {
	uint8_t type;
	uint8_t length;
	uint8_t acpi_processor_uid;
	uint8_t apic_id;
	uint32_t flags;
} __attribute__((packed));

struct acpi_madt_x2apic {
	uint8_t type;
	uint8_t length;
	uint16_t reserved;
	uint32_t x2apic_id;
	uint32_t flags;
	uint32_t acpi_processor_uid;
} __attribute__((packed));

struct acpi_madt_ioapic {
	uint8_t type;
	uint8_t length;
	uint8_t io_apic_id;
	uint8_t reserved;
	uint32_t io_apic_address;
	uint32_t global_system_interrupt_base;
} __attribute__((packed));

/* 5.2.12.5, for an ISA interrupt that is not as the bus has it */
struct acpi_madt_override {
	uint8_t type;
	uint8_t length;
	uint8_t bus; /* 0: ISA */
	uint8_t source;
	uint32_t gsi;
	uint16_t flags;
} __attribute__((packed));

enum {
	ACPI_MADT_ACTIVE_HIGH = 1 << 0,
	ACPI_MADT_LEVEL = 3 << 2,
};

struct acpi_madt_lapic_nmi {
	uint8_t type;
	uint8_t length;
	uint8_t acpi_processor_uid;
	uint16_t flags;
	uint8_t local_apic_lint;
} __attribute__((packed));

_Static_assert(sizeof(struct acpi_rsdp) == 36, "RSDP");
_Static_assert(offsetof(struct acpi_rsdp, xsdt_address) == 24, "XsdtAddress");
_Static_assert(sizeof(struct acpi_header) == 36, "table header");
_Static_assert(sizeof(struct acpi_gas) == 12, "GAS");
_Static_assert(sizeof(struct acpi_fadt) == 276, "FADT");
_Static_assert(offsetof(struct acpi_fadt, sci_int) == 46, "SCI_INT");
_Static_assert(offsetof(struct acpi_fadt, pm1a_evt_blk) == 56, "PM1a_EVT_BLK");
_Static_assert(offsetof(struct acpi_fadt, pm1a_cnt_blk) == 64, "PM1a_CNT_BLK");
_Static_assert(offsetof(struct acpi_fadt, pm1_evt_len) == 88, "PM1_EVT_LEN");
_Static_assert(offsetof(struct acpi_fadt, p_lvl2_lat) == 96, "P_LVL2_LAT");
_Static_assert(offsetof(struct acpi_fadt, iapc_boot_arch) == 109, "IAPC_BOOT_ARCH");
_Static_assert(offsetof(struct acpi_fadt, flags) == 112, "Flags");
_Static_assert(offsetof(struct acpi_fadt, reset_reg) == 116, "RESET_REG");
_Static_assert(offsetof(struct acpi_fadt, fadt_minor_version) == 131, "FADT Minor Version");
_Static_assert(offsetof(struct acpi_fadt, x_dsdt) == 140, "X_DSDT");
_Static_assert(offsetof(struct acpi_fadt, x_pm1a_evt_blk) == 148, "X_PM1a_EVT_BLK");
_Static_assert(offsetof(struct acpi_fadt, x_pm1a_cnt_blk) == 172, "X_PM1a_CNT_BLK");
_Static_assert(offsetof(struct acpi_fadt, sleep_control_reg) == 244, "SLEEP_CONTROL_REG");
_Static_assert(sizeof(struct acpi_facs) == 64, "FACS");
_Static_assert(sizeof(struct acpi_madt) == 44, "MADT");
_Static_assert(sizeof(struct acpi_madt_lapic) == 8, "Processor Local APIC");
_Static_assert(sizeof(struct acpi_madt_x2apic) == 16, "Processor Local x2APIC");
_Static_assert(sizeof(struct acpi_madt_ioapic) == 12, "I/O APIC");
_Static_assert(sizeof(struct acpi_madt_override) == 10, "Interrupt Source Override");
_Static_assert(sizeof(struct acpi_madt_lapic_nmi) == 6, "Local APIC NMI");

#endif
