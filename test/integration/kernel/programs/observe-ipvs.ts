/** Reads the IPVS table and prints how many services there are, or why that is not known. */
import { openIpvsClient } from '../../../../src/kernel/ipvs-client.ts';

try {
  const client = await openIpvsClient();
  try {
    process.stdout.write(`${(await client.observe()).length} services\n`);
  } finally {
    client.close();
  }
} catch (error) {
  process.stdout.write(`${error instanceof Error ? error.message : String(error)}\n`);
}
