// SPDX-License-Identifier: Apache-2.0

// Package cluster finds what only many listings show: adverts that are copies of
// one another, although words were changed, slots filled differently, or the end
// put first; the same text in several places, under several employers or
// contacts; one contact under several names.
//
//	listing → normal form → words, winnowed fingerprints, contacts (keyed) → Index
//	fingerprints, sorted → pairs that share some → alignment: are bits saved? → sets
//	sets → medoid: who is alike to the middle? → clusters → oddities, templates
//
// Call New, then Index.Sketch and Index.Add for each listing, Index.Find, then
// Result.Of for each listing and Result.Each for the clusters.
//
// The work is linear in the number of listings, whatever they share: a
// fingerprint that many texts have links neighbours only. What memory does not
// hold goes to the disk (package spill); about 80 bytes per listing stay.
//
// Texts are numbered by their hash, and every decision is taken in that order:
// the clusters of some listings are the same for any order of them, any number
// of workers and any memory, and so are their names.
//
// # What it does not say
//
// A cluster is no sign of anything: of 139 696 harmless rental adverts a third
// share their text with another. Oddities have harmless causes, too, and are
// weak. Contacts are hashed with a key of this run, counted and forgotten; what
// templates, places and employers say is redacted as reports are.
package cluster
