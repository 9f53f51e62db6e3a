# Lapwing. "make help" lists what there is. Tools are pinned here, not in go.mod.
GOLANGCI := github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
GOVULN   := golang.org/x/vuln/cmd/govulncheck@v1.9.0
GO       := go build -trimpath -buildvcs=false
SAMPLE   := testdata/listings/adverts.jsonl

.DEFAULT_GOAL := test
.PHONY: run test check build wasm extension lists vectors fuzz bench lint setup clean help

run: setup build extension ## score invented adverts with the extension's module, and show the extension
	build/lapwing score --engine wasm --out table $(SAMPLE)
	cd extension && node tests/demo.js

test: setup build check ## everything that a commit must pass, browsers included
	go test ./...
	go test -race ./scorer ./wasm/host ./server/bulk ./server/distribute ./server/cmd/...
	cd extension && npm test

check: ## format, vet, types
	@test -z "$$(gofmt -l extension scorer server wasm)" || { gofmt -l extension scorer server wasm; echo "run gofmt -w on these"; exit 1; }
	go vet ./...
	cd extension && npm run --silent types

build: wasm lists ## build/lapwing and build/lapwingd, with list and modules inside
	cp build/list.pack build/score.wasm server/embedded/
	$(GO) -tags embed -o build/lapwing ./server/cmd/lapwing
	$(GO) -tags embed -o build/lapwingd ./server/cmd/lapwingd

wasm: ## build/score.wasm and build/courier.wasm
	go run ./wasm/modules -out build

lists: ## check the list's source and write build/list.pack
	@mkdir -p build
	go run ./server/cmd/lapwing list lint server/lists
	go run ./server/cmd/lapwing list build server/lists --out build/list.pack

extension: wasm lists ## two archives in build/extension, the same bytes everywhere
	go run ./extension/build -out build/extension -module build/score.wasm -courier build/courier.wasm -pack build/list.pack

vectors: ## rewrite the expectations of testdata/vectors
	go test ./wasm/conformance -update && echo "now read the diff"

fuzz: ## each fuzz test for half a minute
	.ci/fuzz 30s

bench: build ## the scorer and the servers beside their peers, as tables
	.ci/bench

lint: ## what golangci-lint and govulncheck say
	go run $(GOLANGCI) run ./...
	go run $(GOVULN) ./...

setup: ## install what is missing: browsers, npm development packages
	@.ci/setup

clean: ## remove what make has built
	rm -rf build server/embedded/list.pack server/embedded/score.wasm

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | expand -t 12
