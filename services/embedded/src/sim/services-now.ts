import { allocator } from '@ballast/allocator';
import { consoleService } from '@ballast/console';
import { executionGateway } from '@ballast/execution-gateway';
import { feeds } from '@ballast/feeds';
import { orchestrator } from '@ballast/orchestrator';
import type { ServiceDefinition } from '@ballast/platform';
import { portfolio } from '@ballast/portfolio';
import { riskGuardrails } from '@ballast/risk-guardrails';
import { signal } from '@ballast/signal';
import { tax } from '@ballast/tax';

export const SERVICES = [
  orchestrator,
  feeds,
  signal,
  portfolio,
  allocator,
  tax,
  riskGuardrails,
  executionGateway,
  consoleService,
] as unknown as readonly ServiceDefinition[];
