import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // It knows a spec by its file, not by what is bundled with it: a spec that has not changed would
    // be run again with the code of its last run.
    fsModuleCache: false,
    // Some look at whole pages or thousands of rolls. The usual 5 s are for a machine that has nothing else to do.
    testTimeout: 30_000,
  },
});
