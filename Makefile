# What people type. Each target sets up what it needs and says what it does; all can be run again.
SHELL := /bin/bash
.ONESHELL:
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup build run test quick check static bench soak clean

help: ## this list
	@grep -hE '^[a-z0-9]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 10

setup: ## install what building needs
	@scripts/setup build

build: setup ## build server and client (release)
	@scripts/build

run: build ## serve AIValid on http://localhost:3000 with a demonstration data set
	@scripts/run

test: ## set up test services and a browser, then run every test
	@scripts/setup test
	@scripts/build
	@scripts/test

quick: ## formatting, lints, unit and embedded-mode tests: before every commit
	@scripts/setup build
	@scripts/static quick
	@. scripts/env.sh; cargo nextest run -p aivalid-model -p aivalid-service -p aivalid-app -p server --features aivalid-app/ssr --lib --bins

static: ## formatting, lints, boundaries
	@scripts/setup build
	@scripts/static

check: static test ## everything that CI does

bench: ## throughput, latency and sizes beside a bare server
	@scripts/setup test
	@scripts/build
	@scripts/bench

soak: ## longer runs: killed instances, load, many writers, fuzzing
	@scripts/setup test
	@scripts/build
	@scripts/soak

clean: ## forget what was built (not what was installed)
	@. scripts/env.sh; cargo clean; rm -rf site
