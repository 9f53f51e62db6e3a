// SPDX-License-Identifier: Apache-2.0

package host

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/tetratelabs/wazero"
	"github.com/tetratelabs/wazero/api"
)

// maxModule is how long a module may be: compiling takes time in proportion, and
// cannot be interrupted.
const maxModule = 16 << 20

// compile checks the module and makes machine code of it.
func (h *Host) compile(ctx context.Context, module []byte) (err error) {
	if len(module) > maxModule {
		return fmt.Errorf("%d bytes are more than a module may have (%d)", len(module), maxModule)
	}
	// A compiler is large and the bytes are anybody's: should it panic, this module is at fault.
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("compiler failed: %v", r)
		}
	}()
	config := wazero.NewRuntimeConfig().
		WithCoreFeatures(api.CoreFeaturesV2).
		WithMemoryLimitPages(h.options.MemoryPages).
		WithCloseOnContextDone(!h.trusted)
	if h.options.CacheDir != "" {
		if h.cache, err = openCache(h.options.CacheDir); err != nil {
			return err
		}
		h.runtime = wazero.NewRuntimeWithConfig(ctx, config.WithCompilationCache(h.cache))
		if h.compiled, err = h.runtime.CompileModule(ctx, module); err == nil {
			return h.finishCompile(ctx)
		}
		// A cached file may be damaged. What is wrong with the module itself shows again.
		_ = h.closeRuntime()
	}
	h.runtime = wazero.NewRuntimeWithConfig(ctx, config)
	if h.compiled, err = h.runtime.CompileModule(ctx, module); err != nil {
		return err
	}
	return h.finishCompile(ctx)
}

func (h *Host) finishCompile(ctx context.Context) error {
	if err := checkImports(h.compiled); err != nil {
		return err
	}
	if err := checkExports(h.compiled); err != nil {
		return err
	}
	return instantiateWASI(ctx, h.runtime)
}

func openCache(dir string) (wazero.CompilationCache, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("cache directory: %w", err)
	}
	info, err := os.Stat(dir)
	if err != nil {
		return nil, fmt.Errorf("cache directory: %w", err)
	}
	if info.Mode().Perm()&0o022 != 0 {
		return nil, fmt.Errorf("cache directory %s: others may write to it, and its content is run: chmod go-w it", dir)
	}
	return wazero.NewCompilationCacheWithDir(dir)
}

// closeRuntime frees the runtime with all of its instances, and the cache.
func (h *Host) closeRuntime() error {
	ctx := context.Background()
	var errs []error
	if h.runtime != nil {
		errs = append(errs, h.runtime.Close(ctx))
		h.runtime = nil
	}
	if h.cache != nil {
		errs = append(errs, h.cache.Close(ctx))
		h.cache = nil
	}
	return errors.Join(errs...)
}

// checkImports refuses what no host gives, before anything of the module runs.
func checkImports(m wazero.CompiledModule) error {
	for _, f := range m.ImportedFunctions() {
		module, name, _ := f.Import()
		if module != wasiModule || !slices.ContainsFunc(wasi, func(w wasiFunction) bool { return w.name == name }) {
			return fmt.Errorf("imports %s.%s, which the host does not give", module, name)
		}
	}
	if len(m.ImportedMemories()) > 0 {
		return errors.New("imports a memory: it must have its own")
	}
	return nil
}

const i32 = api.ValueTypeI32

// exports are the functions that a scoring module must have; wasm/README.md.
var exports = []struct {
	name            string
	params, results []api.ValueType
}{
	{"_initialize", nil, nil},
	{"abi_version", nil, []api.ValueType{i32}},
	{"buffer", []api.ValueType{i32}, []api.ValueType{i32}},
	{"load", []api.ValueType{i32}, []api.ValueType{i32}},
	{"score", []api.ValueType{i32}, []api.ValueType{i32}},
	{"query", []api.ValueType{i32}, []api.ValueType{i32}},
}

func checkExports(m wazero.CompiledModule) error {
	functions := m.ExportedFunctions()
	for _, want := range exports {
		got, ok := functions[want.name]
		if !ok {
			return fmt.Errorf("exports no function %s: is it a scoring module?", want.name)
		}
		if !slices.Equal(got.ParamTypes(), want.params) || !slices.Equal(got.ResultTypes(), want.results) {
			return fmt.Errorf("function %s has other parameters or results than the ABI", want.name)
		}
	}
	if _, ok := m.ExportedMemories()["memory"]; !ok {
		return errors.New("exports no memory")
	}
	return nil
}
