# `make help` lists what can be done. The work is in scripts/; CI runs `make test`.

.DEFAULT_GOAL := help
.PHONY: help run build test bench fmt generate audit clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: build ## Build everything and start it with a demo project; Ctrl-C stops it
	@scripts/run.sh

build: ## Build the page and the release binary with the page inside
	@scripts/build.sh

test: ## Install what is needed and run every check and test
	@scripts/test.sh

bench: ## Measure the reports against DuckDB; EVENTS=1000000 does with one size
	@scripts/bench.sh $(if $(EVENTS),--events $(EVENTS))

fmt: ## Format the Rust code and the contract
	cargo fmt --all
	npx buf format --write --path proto/analytics

generate: ## Generate from the contract: Rust and TypeScript
	cargo run --locked -p analytics-codegen
	npm run generate

audit: ## Look dependencies up in the advisory databases (needs the open internet)
	"$$(scripts/cargo-deny.sh)" check advisories
	npm audit

clean: ## Delete what was built and installed; ./data stays
	cargo clean
	rm -rf node_modules .cache gateway/dashboard/dist sdk/typescript/packages/*/dist
