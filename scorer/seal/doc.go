// SPDX-License-Identifier: Apache-2.0

// Package seal is what is done to a report before it leaves, and what is checked
// when it comes back: [Report.Encode] gives the text that a person is shown,
// [Seal] puts exactly these bytes into an envelope that only reviewers can open,
// [Work] pays for it. [ParseHeader] and [CheckWork] are the collector's side,
// which holds no key; Open and [ParseReport] are the reviewers'. [ParseIntake]
// reads what a release says of reports. [Redactor] finds what had better not leave.
//
//	listing → Redact → Report → Encode → (a person agrees) → Seal → Work → collector → Open → ParseReport
//
// The package is pure: randomness comes in as a function, and where that fails,
// nothing is sealed. It is linked into a WebAssembly module and hence does
// without fmt, encoding and crypto/hpke (hpke.go says why, and who checks it).
// It does not hide when somebody sends, nor from a network who does: [Relay] hides
// the latter from the collector. Formats begin with a version, and another version is refused.
//
// # Report
//
// One JSON object (UTF-8) in one form, at most 16384 bytes. It begins with the
// line "{" and ends with the line "}"; between them stands one line for each key:
// two spaces, the key, a colon, one space, the value, and a comma unless it is
// the last. Keys come in this order, each at most once; a field without content
// is left out; no other key may be there. Strings have no control characters;
// four characters are escaped, as \" \\ \n \t, and no other. Numbers are decimal,
// without leading zeros, and with no more than two digits behind a point.
//
//	lapwing_report  1
//	id              32 lower-case hexadecimal digits; see below
//	sort            "flagged": marked, and the reporter agrees; "missed": not marked;
//	                "wrong-flag": marked without a reason; "page": a page without listings
//	day             UTC day, as "2026-11-24"; never a time of day
//	list            as in a verdict, "lapwing-7+1a2b3c4d"
//	release         version of the release in force, from 1
//	program         version of the program
//	site            host name; may be absent, like all that follow
//	address         of the page, as the reporter chose: whole, or without query and fragment
//	region          ISO 3166-2 first-level region as "DE-BE", or ISO 3166-1 country as "DE"
//	kind            a listing's kind
//	language        BCP 47, of the page
//	title, body, company, location, pay, contact
//	                what the listing says, after redaction
//	level, score    of the verdict that the person saw; together
//	reasons         only with level; not empty. "[", a line of four spaces and an object per reason, the
//	                line "  ]". {"indicator": "pay.too-high", "points": 9, "spans": [{"field": "body",
//	                "start": 3, "end": 9}, …]}: with one space behind each colon and comma. Passages
//	                count code points of the field as it stands here, from 0
//	note            the reporter's own words, at most 1000 code points
//
// What was redacted reads "[phone]", "[e-mail]", "[link]", "[handle]" or "[account]".
//
// The id is the first 16 bytes of SHA-256("lapwing withdrawal v1\n", code). The
// code is 16 random bytes which the reporter keeps: whoever knows it takes the
// report back. People see it as 32 hexadecimal digits in groups of eight.
//
// # Envelope
//
// 4096 or 16384 bytes, the smaller size that holds the report. Numbers have their
// high byte first.
//
//	0    magic             "LWE1"
//	4    version           1
//	5    size class        0: 4096 bytes in all, 1: 16384
//	6    keys              n, 1 to 8
//	7    reserved          0
//	8    id                16 bytes, the report's
//	24   release           SHA-256 of the release note in force, 32 bytes
//	56   n wraps           of 1176 bytes each:
//	                         key ID       first 8 bytes of SHA-256(public key)
//	                         enc          1120 bytes: HPKE's encapsulated key
//	                         sealed       content key, 32 bytes, and tag, 16
//	…    body              sealed with the content key; its tag is 16 bytes
//	-8   nonce of work     8 bytes
//
// The content key is random and used once. The body is ChaCha20-Poly1305 under
// it, with a nonce of zeros, and all bytes before the body as additional data;
// inside: length of the report, 4 bytes; the report; zeros to the end. A wrap is
// HPKE (RFC 9180) in base mode, KEM MLKEM768-X25519 (0x647a), KDF HKDF-SHA256
// (1), AEAD ChaCha20-Poly1305 (3), no additional data, and
//
//	info = "lapwing report v1", a zero byte, release, id
//
// so that a wrap cannot be moved to another report, nor a report be passed off
// as one of another release.
//
// # Work
//
// An envelope is worth b bits if the first b bits of the following are zeros. It
// is bound to every byte, so nothing can be worked for once and sent twice.
//
//	SHA-256( SHA-256("lapwing work v1\n", envelope without nonce), nonce )
//
// # Intake
//
// What a release names as its intake keys: lines of words with single spaces
// between them, each line ending in a newline, at most 65536 bytes; base64 and
// numbers as in package release.
//
//	lapwing intake v1
//	work <bits>                     1 to 32
//	retention <days>                1 to 365
//	relay <address> <base64 of one key configuration, RFC 9458, section 3>
//	                                may be there; the address is https, or http://127.0.0.1:…
//	key <name> <base64 of an HPKE public key, 1216 bytes>
//	                                1 to 8, with different names; every one can open every report
//
// # What is trusted
//
//	intake keys       as the signed release that they came with
//	randomness        as crypto/rand; a source that fails, or repeats itself, seals nothing
//	the collector     to store, and to delete. It learns size, id, release and day; it can lose
//	                  reports, and cannot read, change or forge one of somebody else
//	a report          not at all: anybody can write one. Proof of work makes many of them dear
//
// # Example
//
// A release's intake object is that of one key, made from the 32 bytes
// 00 01 02 … 1f, under the hash 20 21 … 3f; the code is 40 41 … 4f. The report:
//
//	{
//	  "lapwing_report": 1,
//	  "id": "3b49bca89bfc2591533ea7f49f7fd799",
//	  "sort": "flagged",
//	  "day": "2026-11-24",
//	  "list": "lapwing-7+1a2b3c4d",
//	  "release": 7,
//	  "program": "0.2.0",
//	  "site": "jobs.example",
//	  "region": "DE-BE",
//	  "kind": "job",
//	  "body": "Write to [e-mail] and send your passport.",
//	  "level": "elevated",
//	  "score": 37.25,
//	  "reasons": [
//	    {"indicator": "identity.passport-first", "points": 9, "spans": [{"field": "body", "start": 22, "end": 40}]}
//	  ],
//	  "note": "They asked \"for the visa\"."
//	}
//
// Random bytes are drawn 32 at a time: the content key, then for each key X25519's
// ephemeral secret. Let draw k, from 0, be SHA-256 of the one byte k, and
// ML-KEM's own 32 bytes be SHA-256 of the byte ff. Then the envelope begins with
//
//	4c574531 01 00 01 00 3b49bca89bfc2591533ea7f49f7fd799 2021…3f
//
// its nonce is zeros before any work, and its SHA-256 is then
//
//	4bc8145940f3b8d7ad44b31d8fed04855aefda3a5e5b3718a0ac8c418e954c7d
//
// The least nonce that is worth 16 bits is 000000000001ce62.
package seal
