// SPDX-License-Identifier: Apache-2.0

// Package picture counts reports and draws what it has counted: as SVG, as CSV,
// and nothing else. A picture that may leave the desk shows no small number:
// Coarse hides what is below ten and adds noise. Map draws regions, whose
// boundaries ship with it; makeregions says where they are from.
//
//	reports and decisions → Count → Table → Coarse → CSV, SVG
package picture
