/** Opens a fixture again and again until its grammar is hot, and prints the peak memory of the process in MB. `lexerMemory.ts FIXTURE` */
import { readFixture, syntax } from './openFixture.ts';

const { text, language } = readFixture(process.argv[2] ?? '');
const long = text.repeat(Math.ceil(100_000 / text.length));
for (let round = 0; round < 60; round += 1) (await syntax.open(language, long)).dispose();
syntax.dispose();
console.log(process.resourceUsage().maxRSS / 1024);
