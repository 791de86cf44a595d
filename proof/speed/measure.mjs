import { spawn } from 'node:child_process';

/**
 * Runs a program and takes the time of it, start of the process included.
 *
 * @param timeout milliseconds, after which the program and its children are killed
 * @throws when it fails, with what it said
 */
export function run(command, args, { cwd, env, timeout }) {
  const start = performance.now();
  return new Promise((done, fail) => {
    // A group of its own: cdktf's children would outlive it.
    const child = spawn(command, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk) => (stdout += chunk));
    child.stderr.on('data', (chunk) => (stderr += chunk));
    const timer = setTimeout(() => process.kill(-child.pid, 'SIGKILL'), timeout);
    child.on('error', fail);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      const milliseconds = performance.now() - start;
      if (code === 0) return done({ milliseconds, stdout });
      const why = signal ? `was killed after ${Math.round(milliseconds / 1000)} s` : `ended with ${code}`;
      fail(new Error(`${[command, ...args].join(' ')} ${why}\n${(stderr || stdout).slice(-2000)}`));
    });
  });
}

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** `412 (380–530)`: the median, the least and the most. */
export const spread = (numbers, digits = 0) =>
  `${median(numbers).toFixed(digits)} (${Math.min(...numbers).toFixed(digits)}–${Math.max(...numbers).toFixed(digits)})`;

/** Prints rows in columns; the first row is the head. */
export function table(title, rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => String(row[column]).length)));
  const line = (row) =>
    row.map((cell, column) => String(cell)[column === 0 ? 'padEnd' : 'padStart'](widths[column])).join('  ');
  console.log(`\n${title}\n`);
  rows.forEach((row, index) => {
    console.log(`  ${line(row).trimEnd()}`);
    if (index === 0) console.log(`  ${widths.map((width) => '─'.repeat(width)).join('  ')}`);
  });
}
