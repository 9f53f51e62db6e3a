// SPDX-License-Identifier: Apache-2.0

// Package release decides which list to trust: signed notes, roles, thresholds,
// freshness and rollback rules. It does no I/O.
package release
