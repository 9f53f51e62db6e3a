// SPDX-License-Identifier: Apache-2.0

// Work in slices of at most 4 ms, so that the page never waits for us. Tasks
// are generators that yield wherever they may be interrupted; they run one after
// the other, in the order in which they came.

lapwing.slices = (() => {
  const LENGTH = 4;

  /** @type {{steps: Generator<void, unknown>, done: (value: any) => void, failed: (error: unknown) => void}[]} */
  const tasks = [];
  let scheduled = false, busy = 0, longest = 0;

  const channel = new MessageChannel();
  channel.port1.onmessage = slice;

  function schedule() {
    if (scheduled) return;
    scheduled = true;
    channel.port2.postMessage(null); // runs soon, but lets the page in between
  }

  function slice() {
    scheduled = false;
    const began = performance.now();
    while (tasks.length && performance.now() - began < LENGTH) step(tasks[0]);
    count(performance.now() - began);
    if (tasks.length) schedule();
  }

  /** @param {number} ms without a pause */
  function count(ms) {
    busy += ms;
    longest = Math.max(longest, ms);
  }

  /** @param {(typeof tasks)[number]} task */
  function step(task) {
    try {
      const { done, value } = task.steps.next();
      if (!done) return;
      tasks.shift();
      task.done(value);
    } catch (error) {
      tasks.shift();
      task.failed(error);
    }
  }

  return {
    /** Runs a task to its end. */
    run(steps) {
      return new Promise((done, failed) => {
        tasks.push({ steps, done, failed });
        schedule();
      });
    },
    /** Milliseconds of this thread that we have used. */
    busy: () => Math.round(busy * 10) / 10,
    /** The longest time without a pause, since this was asked last. */
    longest() {
      const ms = longest;
      longest = 0;
      return Math.round(ms * 10) / 10;
    },
    /** Counts time that was spent outside of tasks. */
    count,
    stop() {
      tasks.length = 0;
      channel.port1.close();
    },
  };
})();
