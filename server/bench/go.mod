module lapwing/server/bench

go 1.26.0

// The benchmark has a module of its own, so that its peers are nobody's dependency.
require (
	github.com/petar-dambovaliev/aho-corasick v0.0.0-20250424160509-463d218d4745 // the fastest Aho-Corasick library in Go that we found
	lapwing v0.0.0
)

require (
	github.com/tetratelabs/wazero v1.12.0 // indirect
	golang.org/x/sys v0.49.0 // indirect
)

replace lapwing => ../..
