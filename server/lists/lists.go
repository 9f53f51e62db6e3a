// SPDX-License-Identifier: Apache-2.0

// Package lists carries the source of the list: one reviewed YAML file per
// indicator, site, language and country. README.md describes the format field by
// field. Package publish reads, checks and compiles it.
package lists

import "embed"

// Source is this folder. The list's own part is licensed as LICENSE.md says.
//
//go:embed *.yaml advice false-positives helplines indicators protected schema sites texts wording
var Source embed.FS
