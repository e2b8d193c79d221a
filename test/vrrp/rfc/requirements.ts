/** All requirements, in the order of the texts. */
import type { Requirement } from './requirement.ts';
import { changeRequirements } from './requirements-9568.ts';
import { packetRequirements } from './requirements-packets.ts';
import { initializeRequirements, parameterRequirements } from './requirements-parameters.ts';
import { operationRequirements, sendingRequirements } from './requirements-sending.ts';
import { backupRequirements, masterRequirements } from './requirements-states.ts';

const isReception = ({ id }: Requirement): boolean => id.startsWith('5798-7.1-');

export const requirements: readonly Requirement[] = [
  ...packetRequirements.filter((requirement) => !isReception(requirement)),
  ...parameterRequirements,
  ...initializeRequirements,
  ...backupRequirements,
  ...masterRequirements,
  ...packetRequirements.filter(isReception),
  ...sendingRequirements,
  ...operationRequirements,
  ...changeRequirements,
];
