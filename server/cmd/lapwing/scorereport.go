// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"fmt"
	"os"

	"lapwing/server/bulk"
)

// writeReport writes the page of a run.
func writeReport(path string, result *bulk.Result, list *loadedList, engine, lang string) error {
	var page bytes.Buffer
	err := bulk.WriteReport(&page, bulk.Report{
		Result: result, Pack: list.pack, List: list.name, Engine: engine, Lang: lang, Created: today(),
	})
	if err != nil {
		return err
	}
	if err := os.WriteFile(path, page.Bytes(), 0o666); err != nil {
		return fmt.Errorf("writing the report: %v", err)
	}
	return nil
}
