# `make help` lists what can be done. The work is in scripts/; CI runs `make test`.

.DEFAULT_GOAL := help
.PHONY: help run up down build test faults servers bench fmt generate audit clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: build ## Build everything and start it with a demo project; Ctrl-C stops it
	@scripts/run.sh

up: build ## Start it as separate services over TimescaleDB and Redis; data in ./data-local
	@infrastructure/local/servers.sh start data-local
	@infrastructure/local/roles.sh start data-local

down: ## Stop what `make up` and `make servers` started; the data stays
	@infrastructure/local/roles.sh stop data-local
	@infrastructure/local/servers.sh stop data-local
	@infrastructure/local/servers.sh stop

build: ## Build the page and the release binary with the page inside
	@scripts/build.sh

test: ## Install what is needed and run every check and test
	@scripts/test.sh

faults: ## Kill each part 20 times under load; KILLS=300 says otherwise
	@scripts/faults.sh $(KILLS)

servers: ## Start TimescaleDB and Redis for `cargo test -p CRATE`
	@infrastructure/local/servers.sh start

bench: ## Measure reports against DuckDB, storing and taking events against limits; EVENTS=1000000 does with one size
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

clean: down ## Delete what was built and installed; ./data and ./data-local stay
	@infrastructure/local/servers.sh stop .cache/servers/test
	cargo clean
	rm -rf node_modules .cache gateway/dashboard/dist sdk/typescript/packages/*/dist
