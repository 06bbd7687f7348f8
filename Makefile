# Every command a person needs, each a small script in scripts/.

PORT ?= 8000
PREFIX ?= /usr/local

.DEFAULT_GOAL := help
.NOTPARALLEL:
MAKEFLAGS += --no-print-directory

##@ Use
.PHONY: demo serve install uninstall
demo: build ## Set up, build, and speak a sentence into out.wav
	@scripts/demo.sh

serve: build ## Start the server on port 8000 (PORT=…)
	@.build/release/chatterbox serve --port $(PORT)

install: ## Install the built program into /usr/local (PREFIX=…)
	@scripts/install.sh $(PREFIX)

uninstall: ## Remove it again (PREFIX=…)
	@scripts/uninstall.sh $(PREFIX)

##@ Build
.PHONY: setup build clean doctor env
setup: ## Install what is missing (GGML_CUDA=1, GGML_VULKAN=1, GGML_METAL=0|1 choose backends)
	@scripts/setup.sh

build: setup ## Compile the release build
	@scripts/build.sh

clean: ## Remove build results (.deps and the models stay)
	rm -rf .build .build-tsan out.wav

doctor: ## Say what is installed and what is missing
	@scripts/doctor.sh

env: ## Print the settings for calling swift build by hand
	@scripts/print-env.sh

##@ Check
.PHONY: test test-programs test-sanitize lint format parity bench
test: setup lint ## Run every test, and see that the release builds
	@scripts/build.sh
	@scripts/swift.sh build --build-tests
	@scripts/bench.sh --quick
	@scripts/program-tests.sh
	@scripts/swift.sh test --skip-build --disable-xctest --no-parallel

test-programs: setup ## Drive the built server with real programs (PROGRAM=name for one)
	@scripts/swift.sh build --product chatterbox
	@scripts/program-tests.sh

test-sanitize: setup ## Run the tests under the thread sanitizer
	@scripts/test-sanitize.sh

lint: ## Check the style of sources and scripts
	@scripts/lint.sh

format: ## Rewrite the Swift sources in the project's style
	@swift format --in-place --parallel --recursive --configuration .swift-format Sources Tests Package.swift

parity: ## Compare every network with the reference at full size (PARITY=folder)
	@scripts/parity.sh

bench: build ## Measure speed and hold it to its bars (BENCH=name for one, PARITY=folder of checkpoints)
	@scripts/bench.sh

##@ Help
.PHONY: help
help: ## Print this list
	@awk 'BEGIN { FS = ":.*## " } \
	  /^##@ / { printf "\n%s\n", substr($$0, 5) } \
	  /^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
