/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Host memory: the guest's RAM, and files: mapped to be read, or written.
 */
#ifndef VMM_RAM_H
#define VMM_RAM_H

#include "loader/blob.h"
#include "loader/err.h"
#include "loader/gmem.h"

/*
 * Maps anonymous memory for @bytes of guest RAM, laid out by the architecture. Pages cost nothing
 * until they are touched. Error: no address space or memory.
 */
int ram_map(uint64_t bytes, struct gmem *mem, struct err *e);
void ram_unmap(struct gmem *mem);

/*
 * Maps a whole regular file, read-only. Errors name the file: it cannot be opened, is not a regular
 * file (a directory, a FIFO: never waited for), is empty.
 */
int file_map(const char *path, struct blob *file, struct err *e);
void file_unmap(struct blob *file);

/* Writes a whole file, which is created or emptied first. Errors name it. */
int file_write(const char *path, struct blob bytes, struct err *e);

#endif
