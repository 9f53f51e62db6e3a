// SPDX-License-Identifier: Apache-2.0

package release

const inModule = true // as to which SHA-256 is the faster one
