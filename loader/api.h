/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The names of the library's symbols, and which of them it exports. Every header of loader/ and of
 * the pure builders includes this one, directly or through another.
 *
 * The linker sees each function and object with the prefix minivmm_, as it is listed here; C code
 * uses the name without it.
 */
#ifndef LOADER_API_H
#define LOADER_API_H

/*
 * A public header has all its declarations between these two: the shared library exports them, and
 * hides everything else; for C++ they are C. loader/meson.build and arch/meson.build list the
 * public headers.
 */
/* clang-format off */
#ifdef __cplusplus
#define MINIVMM_BEGIN _Pragma("GCC visibility push(default)") extern "C" {
#define MINIVMM_END   } _Pragma("GCC visibility pop")
#define _Static_assert static_assert
#else
#define MINIVMM_BEGIN _Pragma("GCC visibility push(default)")
#define MINIVMM_END   _Pragma("GCC visibility pop")
#endif

/* loader/ */
#define arm64_image_describe minivmm_arm64_image_describe
#define arm64_image_load minivmm_arm64_image_load
#define arm64_image_place minivmm_arm64_image_place
#define banner_copy minivmm_banner_copy
#define banner_find minivmm_banner_find
#define bzimage_describe minivmm_bzimage_describe
#define bzimage_kernel_can_move minivmm_bzimage_kernel_can_move
#define bzimage_load minivmm_bzimage_load
#define bzimage_load_kernel minivmm_bzimage_load_kernel
#define bzimage_payload minivmm_bzimage_payload
#define bzimage_version minivmm_bzimage_version
#define cmdline_add_init minivmm_cmdline_add_init
#define cmdline_add_kv minivmm_cmdline_add_kv
#define cmdline_add_list minivmm_cmdline_add_list
#define cmdline_add_string minivmm_cmdline_add_string
#define cmdline_add_virtio_mmio minivmm_cmdline_add_virtio_mmio
#define cmdline_has minivmm_cmdline_has
#define cmdline_init minivmm_cmdline_init
#define cmdline_length minivmm_cmdline_length
#define cmdline_load minivmm_cmdline_load
#define cmdline_parse minivmm_cmdline_parse
#define cmdline_render minivmm_cmdline_render
#define codec_gzip minivmm_codec_gzip
#define codec_lz4 minivmm_codec_lz4
#define codec_xz minivmm_codec_xz
#define codec_zstd minivmm_codec_zstd
#define cpio_add_device minivmm_cpio_add_device
#define cpio_add_dir minivmm_cpio_add_dir
#define cpio_add_file minivmm_cpio_add_file
#define cpio_finish minivmm_cpio_finish
#define cpio_init minivmm_cpio_init
#define decompress minivmm_decompress
#define elf_bytes_at_start minivmm_elf_bytes_at_start
#define elf_check_place minivmm_elf_check_place
#define elf_copy minivmm_elf_copy
#define elf_file_bytes minivmm_elf_file_bytes
#define elf_first_segment minivmm_elf_first_segment
#define elf_header_bytes minivmm_elf_header_bytes
#define elf_holds minivmm_elf_holds
#define elf_is_32 minivmm_elf_is_32
#define elf_load_arm64 minivmm_elf_load_arm64
#define elf_load_x86 minivmm_elf_load_x86
#define elf_machine_find minivmm_elf_machine_find
#define elf_open minivmm_elf_open
#define elf_read_headers minivmm_elf_read_headers
#define err_context minivmm_err_context
#define err_set minivmm_err_set
#define find_mark minivmm_find_mark
#define gmem_add minivmm_gmem_add
#define gmem_at minivmm_gmem_at
#define gmem_find minivmm_gmem_find
#define gmem_total minivmm_gmem_total
#define gmem_write minivmm_gmem_write
#define ikconfig_state minivmm_ikconfig_state
#define ikconfig_unpack minivmm_ikconfig_unpack
#define ikconfig_value minivmm_ikconfig_value
#define image_base_choose minivmm_image_base_choose
#define image_format_article minivmm_image_format_article
#define image_format_name minivmm_image_format_name
#define image_is_packed minivmm_image_is_packed
#define image_load minivmm_image_load
#define image_load_at minivmm_image_load_at
#define image_load_plain minivmm_image_load_plain
#define image_name_outside minivmm_image_name_outside
#define image_packed minivmm_image_packed
#define image_probe minivmm_image_probe
#define image_unpack minivmm_image_unpack
#define image_unpacked_max_bytes minivmm_image_unpacked_max_bytes
#define initrd_load minivmm_initrd_load
#define initrd_place minivmm_initrd_place
#define initrd_scan minivmm_initrd_scan
#define multiboot2_find minivmm_multiboot2_find
#define multiboot_find minivmm_multiboot_find
#define pe_open minivmm_pe_open
#define pe_probe minivmm_pe_probe
#define pe_section minivmm_pe_section
#define relocs_apply minivmm_relocs_apply
#define relocs_open minivmm_relocs_open
#define riscv64_image_load minivmm_riscv64_image_load
#define uki_cmdline minivmm_uki_cmdline
#define uki_open minivmm_uki_open
#define uki_probe minivmm_uki_probe
#define unpacked_free minivmm_unpacked_free
#define unwrap_open minivmm_unwrap_open
#define unwrap_packed minivmm_unwrap_packed
#define unwrap_unpack minivmm_unwrap_unpack
#define zboot_payload minivmm_zboot_payload
#define zboot_unpack minivmm_zboot_unpack

/* the builders */
#define acpi_area_finish minivmm_acpi_area_finish
#define acpi_area_header minivmm_acpi_area_header
#define acpi_area_next minivmm_acpi_area_next
#define acpi_area_put minivmm_acpi_area_put
#define acpi_madt_write minivmm_acpi_madt_write
#define acpi_write minivmm_acpi_write
#define aml_close minivmm_aml_close
#define aml_close_resources minivmm_aml_close_resources
#define aml_eisa_id minivmm_aml_eisa_id
#define aml_init minivmm_aml_init
#define aml_integer minivmm_aml_integer
#define aml_interrupt minivmm_aml_interrupt
#define aml_io minivmm_aml_io
#define aml_name minivmm_aml_name
#define aml_open_device minivmm_aml_open_device
#define aml_open_package minivmm_aml_open_package
#define aml_open_resources minivmm_aml_open_resources
#define aml_open_scope minivmm_aml_open_scope
#define aml_string minivmm_aml_string
#define devlist_find minivmm_devlist_find
#define devlist_has_irq minivmm_devlist_has_irq
#define dtb_build minivmm_dtb_build
#define dtb_fill minivmm_dtb_fill
#define dtb_load minivmm_dtb_load
#define dtb_room minivmm_dtb_room
#define e820_build minivmm_e820_build
#define e820_split minivmm_e820_split
#define firmware_write minivmm_firmware_write
#define mptable_write minivmm_mptable_write
#define paging_write_gdt minivmm_paging_write_gdt
#define paging_write_identity minivmm_paging_write_identity
#define pvh_put minivmm_pvh_put
#define pvh_write minivmm_pvh_write
#define x86_kernel_place minivmm_x86_kernel_place
#define zeropage_add_data minivmm_zeropage_add_data
#define zeropage_fill minivmm_zeropage_fill
#define zeropage_put minivmm_zeropage_put
#define zeropage_write minivmm_zeropage_write
/* clang-format on */

#endif
