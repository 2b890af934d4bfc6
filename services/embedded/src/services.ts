import { allocator } from '@ballast/allocator';
import { consoleService } from '@ballast/console';
import { executionGateway } from '@ballast/execution-gateway';
import { feeds } from '@ballast/feeds';
import { orchestrator } from '@ballast/orchestrator';
import type { ServiceDefinition } from '@ballast/platform';
import { policyAnalyst } from '@ballast/policy-analyst';
import { portfolio } from '@ballast/portfolio';
import { riskGuardrails } from '@ballast/risk-guardrails';
import { signal } from '@ballast/signal';
import { tax } from '@ballast/tax';

/** The ten services of the system, in the order in which a cycle meets them. */
export const SERVICES = [
  orchestrator,
  feeds,
  signal,
  policyAnalyst,
  portfolio,
  allocator,
  tax,
  riskGuardrails,
  executionGateway,
  consoleService,
] as unknown as readonly ServiceDefinition[];

export const SERVICE_NAMES: readonly string[] = SERVICES.map((service) => service.name);
