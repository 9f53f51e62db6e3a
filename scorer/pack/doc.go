// SPDX-License-Identifier: Apache-2.0

// Package pack is the compiled list: everything that decides a verdict and
// every text that explains one, as plain data (Pack) and as a binary format.
//
// [Decode] and [Encode] are inverse to each other, byte by byte: a pack has one
// encoding, so its SHA-256 names it, and anything else is refused. [Diff] and
// [Apply] carry a client from one pack to a later one; [Patch] does so without decoding it. A pack says nothing of
// who made it: trust is package release's.
//
// The package does not parse patterns (package rule does), nor the JSON of
// documents, whose readers must take them for untrusted.
//
// # Bounds
//
// A pack has at most MaxSize bytes; the other Max constants bound its lists and
// texts. Every count and length is compared with the bytes that are left before
// anything is allocated. Decode of n bytes allocates at most 40n + 4096 bytes;
// Apply does so for the delta, and copies the lists of the old pack that the
// delta changes. Both take time linear in that, but for Apply of a delta that
// Diff would not make, which may have to sort.
//
// # Numbers and texts
//
//	byte     one byte
//	uvarint  base 128, low group first, the top bit says that more follows; shortest form only
//	varint   uvarint of the zigzag of an int32: 0, -1, 1, -2 … are 0, 1, 2, 3 …
//	day      uvarint of year<<9 | month<<5 | day of the month; 0 where there is none
//	text     uvarint length in bytes, then UTF-8
//	lang     byte, the place in the table of languages
//	column   one value of each entry of a list, in the list's order
//
//	names    n strings without control characters, front-coded: a column of bytes, how much
//	         of its predecessor each string repeats (as much as it can, but at most 63 bytes;
//	         the first has the predecessor ""); uvarint length of the rest; then what each
//	         string adds, ended by a zero byte
//
//	hashes   n ascending 28-bit numbers, Golomb-Rice coded. k is one less than the number of
//	         bits of 2^28/n rounded down. Each number's distance from its predecessor plus one
//	         (the first one's: from 0) is the quotient by 2^k as so many one bits and a zero
//	         bit, then the low k bits. Bits, and numbers of bits, go from the lowest up; the
//	         last byte is filled with zeros
//
// # A pack
//
// The bytes "LAPWING" and the version of the format, 1; then, without gaps:
//
//	header      text name (printable ASCII without spaces), uvarint version ≥ 1, day of creation
//	languages   uvarint n, names: each tag that is used below, "" included, sorted
//	indicators  uvarint n, names (IDs), columns: byte dimension; byte strength<<1 | status;
//	            byte weight; uvarint kinds; day of expiry; sources: uvarint count, texts
//	patterns    uvarint n, names (expressions), columns: byte lang<<1 | role; byte of the
//	            indicator's place modulo 256; byte of its place divided by 256
//	protected   uvarint n, names
//	texts       uvarint n, names (keys), columns: lang; text
//	documents   uvarint n, names, column: text
//	policy      byte family cap, uvarint window words, uvarint near words, uvarint n, then of
//	            each level rule: byte kind, lang, uvarint notice, elevated, high
//	wording     uvarint n, then of each model: lang, uvarint kinds, varint bias, 2 varint
//	            thresholds of the text, 2 varint of the window, uvarint m, hashes of m
//	            features, m bytes of weights in two's complement
//
// Lists are sorted by bytes and have no two equal entries: indicators by ID;
// patterns by expression, language, role, indicator; protected words; texts by
// language and key; documents by name; level rules by kind and language; models
// by language and kinds. There is nothing after the end.
//
// # A delta
//
// The bytes "LAPDELT" and the version of the format, 1; uvarint version of the
// old and of the new pack, day of the new one's creation; languages as above,
// those used in the delta. Then
//
//	indicators  places, and indicators as in a pack
//	patterns    places of removed ones; places of changed ones, with the columns of what
//	            they become; uvarint n of new ones, with the columns: uvarint how many old
//	            patterns stand before it, less that number for its predecessor (the first
//	            one's: 0); names; the columns of patterns
//	protected, texts, documents
//	            places, and the section as in a pack
//	policy      byte 0 where it stays, 1 and the policy as in a pack
//	wording     places, and models as in a pack
//
// where places are uvarint n and n uvarint distances like those of hashes, into
// the old list, of what is removed. An entry whose key is in the old list
// replaces the old one. A new pattern's name is front-coded against the one
// that stands before it in the merged list of old and new. Old patterns keep
// their indicator by its ID; all other numbers of indicators are places in the
// new list.
//
// # Example
//
// A whole pack:
//
//	4c415057494e47 01                                 "LAPWING", format 1
//	04 64656d6f 07 f7aa3f                             name "demo", version 7, 2026-11-23
//	02 0000 04 00 656e00                              2 languages: "", "en"
//	01 00 0c 7061792e7065722d64617900                 1 indicator: "pay.per-day"
//	00 01 02                                          deceptive recruitment; weak and active; weight 2
//	02 f7ae3f                                         for jobs; expires 2027-11-23
//	01 09 494c4f2c2032303132                          1 source: "ILO, 2012"
//	02 000a 16                                        2 patterns; the second repeats 10 bytes
//	7061696420656163682064617900                      "paid each day"
//	6576656e696e6700                                  "evening"
//	0203 0000 0000                                    en fires, en unless; both of indicator 0
//	01 00 05 6769726c00                               1 protected word: "girl"
//	01 00 12 7061792e7065722d6461792f7469746c6500     1 text: "pay.per-day/title"
//	01 0f 506169642062792074686520646179              en: "Paid by the day"
//	01 00 0c 68656c706c696e652f787800 02 7b7d         1 document: "helpline/xx", {}
//	0f 5a 0c                                          cap 15, window 90, near 12
//	01 00 00 04 09 a001                               1 rule, any kind and language: 4, 9, 160
//	01 01 02 4f c801 9003 64 b401                     1 model, en, jobs: bias -40; 100, 200; 50, 90
//	03 0a0000a01611c039bafb0f                         3 features: 5, 70000, 268435455; k = 26
//	fd007f                                            weights -3, 0, 127
package pack
