// SPDX-License-Identifier: Apache-2.0

// Package release decides which list to trust. The rules are those of The
// Update Framework; the carrier is a C2SP signed note. The package is pure: it
// says what to fetch, what to store and what to tell people, and a host does so.
// [New] reads what a program was shipped with and what it has stored,
// [Client.Update] gets a newer list, [Client.Status] says how old it is.
//
//	head → root … root → release → proof → pack in use + delta → intake keys
//	                                     ↘ or the whole pack ↗
//
// It is linked into a WebAssembly module, and hence does without fmt and
// encoding. It does not compress: a host hands over plain bytes. It hashes all
// of them itself, so that no mistake of a host can make a wrong list pass.
//
// # The tree
//
// Static files, which any server, cache or stick can carry. All but the head
// never change.
//
//	v1/head                    which release is newest: a note, below 300 bytes
//	v1/root/<N>                who may sign what, from 1: a note
//	v1/o/<sha256>              release notes, packs, deltas and intake keys, by the hash of
//	                           their bytes, in lower-case hexadecimal digits
//	v1/o/<sha256>.gz           the same compressed with gzip, where that is shorter
//	v1/log/proof/<sha256>      that the release note of this hash is in the log
//
// # Notes
//
// A note (C2SP signed-note) is UTF-8 without control characters but newlines:
// a text that ends in a newline, an empty line, and 1 to 100 lines
//
//	— <name of key> <base64 of: key ID, 4 bytes, high one first; signature>
//
// Ed25519 signs the text. A key is written <name>+<ID>+<base64 of: 1, key>, its
// ID is the first 4 bytes of SHA-256(name, newline, 1, key) in hexadecimal
// digits. Base64 is the padded standard one with zeros in unused bits. A line of
// an unknown key says nothing; one of a known key that does not fit spoils the
// note; a second line of the same key counts for nothing.
//
// The texts below have one line for each keyword, in the order given, with
// single spaces between words. Numbers are decimal without leading zeros, times
// are Unix seconds, names are printable ASCII without spaces, and hashes are
// SHA-256 in lower-case hexadecimal digits. Where it does not say "may", a line
// must be there, and another line may not. A title with another number behind
// its v is a later format and refused. A note has at most 65536 bytes.
//
//	lapwing root v1
//	version <N>                     from 1
//	issued <time>
//	expires <time>                  later
//	origin <name>                   first line of the log's checkpoints
//	role root <threshold>           from 1 to the number of keys that follow, at most 32
//	key <key>                       no two lines of the whole text have the same key
//	role release <threshold>        and keys
//	role head <threshold>           and keys
//	role log <threshold>            and keys
//
//	lapwing release v1
//	name <name>                     of the pack
//	version <N>                     of the pack, from 1
//	issued <time>
//	expires <time>                  later, but by 90 days at most
//	requires <version>              of the program, as 1.2.0
//	pack <length> <gzip length> <hash>
//	                                lengths in bytes; the second is less, or 0 where there is no .gz
//	intake <length> <gzip length> <hash>
//	                                may be there: keys that reports are sealed to
//	older <length> <gzip length> <hash>
//	                                may be there: a list of further deltas
//	delta <from> <length> <gzip length> <hash>
//	                                may be there, several times, newest base first
//	…                               further keywords are for later programs
//
//	lapwing deltas v1               the list of further deltas; not signed, but hashed
//	delta <from> <length> <gzip length> <hash>
//	                                as above
//
//	lapwing head v1
//	root <N>                        newest root
//	release <version> <length> <hash>
//	                                of the release and of its note
//	issued <time>
//	expires <time>                  later, but by 7 days at most
//	poll <seconds>                  may be there: how long to wait before the next look
//
// Packs and deltas are those of package pack. Intake keys are at most 65536
// bytes and package seal's. A proof is a C2SP tlog-proof: its entry is the
// release note, byte for byte; its checkpoint has the root's origin and is signed
// by the root's log keys.
//
// # Roles
//
//	root       3 of 5, offline    who may sign what; N+1 needs the thresholds of N and of N+1
//	release    2 of 3             maintainers, each on their own machine
//	head       1, on the server   can say which release is newest, and nothing else
//	log        1, on the server   says that a release was made public
//
// The numbers are what we use; a root says what holds.
//
// # What a client refuses
//
// Named as The Update Framework names the attacks, with the Fault that is told:
//
//	arbitrary software     what a threshold has not signed: BadSignature, TooFewSignatures;
//	                       what the signed hash is not of: WrongHash, WrongLength
//	key compromise         thresholds count different keys; a key has one role; whoever has all
//	                       of a server can keep clients from news for 7 days, after which they say so
//	rollback               a head older than one seen, or a release below one seen: RolledBack; the
//	                       release that was shipped is a floor, even when storage is wiped; the same
//	                       version with other content: TwoFaced. A real step back is old content
//	                       under a new version
//	fast-forward           counters hold for a role's keys and threshold: a root that changes them
//	                       resets the counters (those of release and head with the release's keys,
//	                       that of the head with the head's, the log's size with the log's). The
//	                       head's key alone moves none: a head is remembered only once the release's
//	                       keys have vouched for what it names, and if it is dated a day ahead at most
//	indefinite freeze      a head past its date, at most 7 days old, or a release or root past
//	                       theirs: Expired. The list in use goes on scoring, and Status tells its age
//	mix and match          head names one release note, and that one names all the rest
//	endless data           no answer may be longer than Want.MaxBytes, gzip'd or not: WrongLength
//	slow retrieval         the host's time limits: Unreachable
//	wrong format           Malformed, UnknownFormat; unknown roles and lines are among them
//	split view             what the log does not have: NotInLog; a log that shrinks, or has two
//	                       hashes for one size: RolledBack, SplitView
//
// Time is never before the program was built, nor before the newest head that is
// remembered was issued: setting a clock back revives nothing. A clock that is slow
// makes nothing fail (Status.ClockSlow); one that is fast makes heads Expired until
// it is right again.
//
// A head dated more than a day after the client's clock, and after the program was
// built, may come from a thief who wants all later ones to look old, or the clock
// is slow: a client cannot know. It takes such a head for what it names, which is
// signed by others, holds the release's date against the later of the two times,
// and remembers nothing of the head. So a thief wins a day at most, however often
// he tries, and a slow clock loses only the memory of heads, not that of releases.
//
// A delta is not trusted for itself: it is applied, the result encoded, and the
// hash compared; else the whole pack is fetched, once; else the old one stays. So
// the pack that it is applied to needs no look either: if it is damaged, the hash
// is another. [pack.Patch] does both on encoded rows, and [pack.Decode] is left to
// whoever takes the pack into use.
// Roots are followed one by one, 32 in one update; those between may be past
// their date, the last one not. What the root line of a head says is believed
// before its signature is checked, since only the newest root knows the head's
// key; a lie leads to a root that is not there, and to nothing else.
//
// Each fault leaves the old list in use. Roots and counters that were found to
// be good until then are kept: Result.Save has them.
//
// # What is trusted
//
//	the package       as the program that it came with; Packaged.Verify finds faults in building
//	stored state      as the browser's profile: whoever writes there needs no signature. The checksum
//	                  finds damage, upon which the packaged list is used (Status.Recovering)
//	the server        for news only, see indefinite freeze; so are caches, and whoever carries a stick
//	the clock         for expiry only
//	the host          to store what Result.Save has as one, and to stop at Want.MaxBytes
//
// # Example
//
// A publisher's first root, the release of a pack's second version with its
// proof, and the head. v1/root/1:
//
//	lapwing root v1
//	version 1
//	issued 1800000000
//	expires 1834560000
//	origin log.example/lapwing
//	role root 3
//	key root-1+b0b1f101+AWj/NB3HbZAPixbC2S3doPCfopWrsTqXqqKzlW1b/IBS
//	key root-2+694f96af+AaYdbec/GaVYUoapCyefCb1pstvqm8RrQaEafjREeWQ4
//	key root-3+73d35a76+Act3hl15vmQN6FNCt88KoW7AVhtZCYzps+lyDn1CL9Wd
//	key root-4+cf4ae7fe+AeijMKHksFFy9s01cHp4OLNrY/7yp3sXmSjkAEAQ2Z8J
//	key root-5+136bcbc9+AYwfXpqelgrVkAOPRhtoATZCjQwr7ZT+OUxK6yBXH/UL
//	role release 2
//	key release-1+39d190e7+ARc8RJu3Q3MCdNS9pHQvammXeJEONmxKww9iKwa4LxY+
//	key release-2+da5cbbbf+AVlC8fFyvguAS9F82Z1tKDFcHh1Ol1/YPKiwvmg7IdqF
//	key release-3+eafe937b+AX1/tZF1S+OkX0FhWYHx2JHerBALkeuhl+Vaya+sr9+k
//	role head 1
//	key head-1+fac56ebe+Aee3va2WAYfA8RWSkt5GA8t2qYv357K0D0lBhU8zSxAA
//	role log 1
//	key log-1+74fe0363+AW1XZQNUm6kNarpgDm6m3mpUCJbGWixOGrN+XEVAA0wn
//
//	— root-1 sLHxAafYjGePCtW6W4SmyvP4Omoigs4Qxj9O8joLwrg/xGC4JiGXoZcW+e/1QlH8hP4zjRlqB2SkNpr5l0Z97/ZIkwI=
//	— root-2 aU+Wr6zIgljR6D0dSwzYAx0ZFqvH4deahesygiDKNRzREmzuuXMo3oghboGqcqTxSmfP4yICVRsRlJQvD9TEmIcUdgY=
//	— root-3 c9NadvxtfsKgzd/XFFjmBtJTJI9m83c7USTdvl7oMvcMPIczyE3rkxi24hUvnUNyDdodQQAigK8GDss+2DPHFvMKDA4=
//
// v1/o/9d8ab0e7aabe56d292b802402ebb0e8befacb8d2c2ff36fd4672088481c1adcc:
//
//	lapwing release v1
//	name tiny
//	version 2
//	issued 1800086400
//	expires 1807862400
//	requires 0.2.0
//	pack 85 0 11763d9e6e989dda64859d0599281e1cc8b31b9ee833ca4b1de582d9362f69ea
//	delta 1 50 0 d9c8f2a115b0df0e4b2040fd29b09ddfc799e38324fcc245b65998d39e89a116
//
//	— release-1 OdGQ574pshlA5a6VplMivZHY1Cf1P5vj6e4mxM8ZUIaJcgW/FB5fHid/Z26FmPlmVCexqZ/HvBj0sE915xmp6WRQ1QE=
//	— release-2 2ly7v1xryKbQTDGjjpw4UxpxxsAPgRUMtFRS3ogZ6C6sSBn23hQWI+wkbOb7O8iuE7n4V5Gu7I2ANffd6oXgwrBegQM=
//
// v1/log/proof/9d8ab0e7aabe56d292b802402ebb0e8befacb8d2c2ff36fd4672088481c1adcc:
//
//	c2sp.org/tlog-proof@v1
//	index 1
//	w953QSymAx9sZyvH+yNwGhWvICcXPlvOcihRV6DzDPc=
//
//	log.example/lapwing
//	2
//	9TiYghgvOcit3Ru9F6JSAZTKNT0SzZoLHurbJq1wY6g=
//
//	— log-1 dP4DY1S6LKlwxVg6LEBXyb5O7gGKa4Cj+12VmzfZwlCsbJylMCWaxRbECvMxS9CMJK8BxJpFDPGwmaai0MDfeB5RZAE=
//
// v1/head:
//
//	lapwing head v1
//	root 1
//	release 2 459 9d8ab0e7aabe56d292b802402ebb0e8befacb8d2c2ff36fd4672088481c1adcc
//	issued 1800086400
//	expires 1800691200
//
//	— head-1 +sVuvnWB0pxzPi+Bvx+ZXZioLPMO0Oq3RI0E9b7tiQMGizew0IHg6OGZTiClfnSo2hoYMAwpGzgwCzOADY/9Mzl08Qk=
package release
