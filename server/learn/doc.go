// SPDX-License-Identifier: Apache-2.0

// Package learn makes wording models from labelled listings, and measures
// verdicts on listings whose answer is known.
//
//	listings → words (the scorer's) → n-grams → weights → int8 ┐
//	        └→ folds by template ───→ thresholds ──────────────┴→ model, MODEL_CARD.md
//
// Call Read, then Train for a model, CrossValidate for what such a model is
// worth, and Evaluate for what a finished list does on sets of listings.
//
// Splits go by template, never by row: half of the rows of the usual job-fraud
// set have a near-twin, and a split by row measures memory. What is measured is
// always the whole verdict of package scorer, as shipped.
//
// Training is deterministic: one goroutine, a fixed order, no random numbers but
// those of the seed, and products that are rounded before they are added, so that
// no compiler fuses them. math.Exp and math.Log may differ in the last bit from
// one architecture to another; the shipped model is made on amd64.
package learn
