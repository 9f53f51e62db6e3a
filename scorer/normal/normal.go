// SPDX-License-Identifier: Apache-2.0

// Package normal brings text into the form in which it is matched, and keeps
// the way back.
package normal
