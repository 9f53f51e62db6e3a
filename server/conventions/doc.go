// SPDX-License-Identifier: Apache-2.0

// Package conventions holds, as tests, what the project has agreed on and what no
// compiler checks: which package may import which, that every package has a
// comment, and that the top level stays as it is. There is nothing to call.
package conventions
