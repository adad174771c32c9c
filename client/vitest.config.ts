import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // It knows a spec by its file, not by what is bundled with it: a spec that has not changed would
    // be run again with the code of its last run.
    fsModuleCache: false,
  },
});
