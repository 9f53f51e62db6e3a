module lapwing

go 1.26.0

require (
	filippo.io/age v1.3.2 // secret keys as files that a passphrase opens
	filippo.io/edwards25519 v1.2.0 // field arithmetic for X25519 in the module: crypto/ecdh would bring every curve there is
	github.com/PuerkitoBio/goquery v1.13.0 // saved pages
	github.com/VictoriaMetrics/metrics v1.44.0 // Prometheus metrics
	github.com/alecthomas/kong v1.17.0 // the command line: flags, help
	github.com/andybalholm/cascadia v1.3.4 // the selectors of site adapters, refused early where they do not parse
	github.com/dgraph-io/ristretto/v2 v2.4.2 // verdicts of texts that come back after a long time
	github.com/fsnotify/fsnotify v1.10.1 // a new release is seen at once and not only at the next look
	github.com/go-json-experiment/json v1.27.2 // JSON that is not plain enough for our own reader
	github.com/jackc/pgx/v5 v5.12.0 // reports in PostgreSQL, by one setting; not below 5.9.2, which has advisories
	github.com/klauspost/compress v1.20.3 // gzip and zstd, faster than the standard library
	github.com/molecule-man/go-brrr v1.3.1 // brotli: the release tree's compressed siblings
	github.com/parquet-go/parquet-go v0.32.0 // Parquet in and out
	github.com/rogpeppe/go-internal v1.16.0 // tests that are scripts a user could type
	github.com/santhosh-tekuri/jsonschema/v6 v6.0.3 // tests: the list's files against the schemas that editors use
	github.com/transparency-dev/formats v0.1.1 // tests: proofs and checkpoints as the rest of the world reads them
	github.com/transparency-dev/tessera v1.0.4 // the transparency log, as static files
	github.com/valyala/fasthttp v1.78.0 // the server; not older, its fixes carry no numbers
	go.uber.org/goleak v1.3.0 // tests: no goroutine is left behind
	go.yaml.in/yaml/v3 v3.0.6 // the list's files, with line and column of each value
	golang.org/x/crypto v0.58.0 // ChaCha20-Poly1305, as crypto/hpke has it and does not export
	golang.org/x/mod v0.42.0 // signed notes; the releases' own parser is tested against it
	golang.org/x/net v0.62.0 // the HTML parser that browsers agree with
	golang.org/x/sync v0.24.0 // singleflight: one read of the disk, however many ask
	golang.org/x/sys v0.49.0 // memfd and sendfile: large answers without copying
	golang.org/x/term v0.47.0 // is it a terminal, and how wide
	gonum.org/v1/plot v0.16.0 // curves of lapwing eval; nothing else links it
	k8s.io/klog/v2 v2.130.1 // only to silence tessera
	modernc.org/sqlite v1.62.0 // reports in one file; in Go, so that lapwingd stays one static binary
	pgregory.net/rapid v1.3.0 // tests: properties over generated input
)

require (
	github.com/andybalholm/brotli v1.1.1 // indirect
	github.com/cespare/xxhash/v2 v2.3.0 // indirect
	github.com/dustin/go-humanize v1.1.0 // indirect
	github.com/google/uuid v1.6.0 // indirect
	github.com/parquet-go/bitpack v1.0.0 // indirect
	github.com/parquet-go/jsonlite v1.0.0 // indirect
	github.com/pierrec/lz4/v4 v4.1.21 // indirect
	github.com/tetratelabs/wazero v1.12.0 // the scoring module on a server; below 1.9 it miscompiles bulk copies of Go 1.24 and later
	github.com/twpayne/go-geom v1.6.1 // indirect
	github.com/valyala/bytebufferpool v1.0.0 // indirect
	github.com/valyala/fastrand v1.1.0 // indirect
	github.com/valyala/histogram v1.2.0 // indirect
	golang.org/x/text v0.43.0 // indirect
	google.golang.org/protobuf v1.36.11 // indirect
)

require (
	filippo.io/hpke v0.4.0 // indirect
	filippo.io/mldsa v0.0.0-20260215214346-43d0283efc3e // indirect
	github.com/cenkalti/backoff/v5 v5.0.3 // indirect
	github.com/getkin/kin-openapi v0.153.0 // tests: the servers against openapi.yaml
	github.com/go-logr/logr v1.4.3 // indirect
	github.com/go-logr/stdr v1.2.2 // indirect
	github.com/hashicorp/golang-lru/v2 v2.0.7 // indirect
	github.com/jackc/pgpassfile v1.0.0 // indirect
	github.com/jackc/pgservicefile v0.0.0-20240606120523-5a60cdf6a761 // indirect
	github.com/jackc/puddle/v2 v2.2.3 // indirect
	github.com/mattn/go-isatty v0.0.24 // indirect
	github.com/ncruces/go-strftime v1.1.0 // indirect
	github.com/remyoudompheng/bigfft v0.0.0-20230129092748-24d4a6f8daec // indirect
	github.com/transparency-dev/merkle v0.0.2 // indirect
	go.opentelemetry.io/auto/sdk v1.2.1 // indirect
	go.opentelemetry.io/otel v1.40.0 // indirect
	go.opentelemetry.io/otel/metric v1.40.0 // indirect
	go.opentelemetry.io/otel/trace v1.40.0 // indirect
	golang.org/x/exp v0.0.0-20240325151524-a685a6edb6d8 // indirect
	golang.org/x/tools v0.52.0 // indirect
	modernc.org/libc v1.80.1 // indirect
	modernc.org/mathutil v1.7.1 // indirect
	modernc.org/memory v1.12.1 // indirect
)

require (
	codeberg.org/go-fonts/liberation v0.5.0 // indirect
	codeberg.org/go-latex/latex v0.1.0 // indirect
	codeberg.org/go-pdf/fpdf v0.10.0 // indirect
	git.sr.ht/~sbinet/gg v0.6.0 // indirect
	github.com/ajstarks/svgo v0.0.0-20211024235047-1546f124cd8b // indirect
	github.com/campoy/embedmd v1.0.0 // indirect
	github.com/go-openapi/jsonpointer v0.22.5 // indirect
	github.com/go-openapi/swag/jsonname v0.25.5 // indirect
	github.com/golang/freetype v0.0.0-20170609003504-e2365dfdc4a0 // indirect
	github.com/pmezard/go-difflib v1.0.0 // indirect
	go.yaml.in/yaml/v4 v4.0.0 // indirect
	golang.org/x/image v0.25.0 // indirect
)
