import type { DynamicModule } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import type { Logger } from 'pino';
import type { MachineClock } from './adapters/ports.js';
import { AccountController } from './application/account.controller.js';
import { FaultMenu } from './application/faults.js';
import { HealthController } from './application/health.controller.js';
import { AlpacaErrors } from './application/http.js';
import { MarketController } from './application/market.controller.js';
import { OrdersController } from './application/orders.controller.js';
import { SimController } from './application/sim.controller.js';
import { CONFIG, LOG, MACHINE_CLOCK } from './application/tokens.js';
import { Venue } from './application/venue.js';
import type { PaperBrokerConfig } from './config.js';
import { Queries } from './persistence/queries.js';

export interface Parts {
  readonly config: PaperBrokerConfig;
  readonly log: Logger;
  readonly machine: MachineClock;
  readonly venue: Venue;
  readonly queries: Queries;
  readonly menu: FaultMenu;
}

export class PaperBrokerModule {
  /** The wiring: every controller and everything that they are given. */
  static of({ config, log, machine, venue, queries, menu }: Parts): DynamicModule {
    return {
      module: PaperBrokerModule,
      controllers: [OrdersController, AccountController, MarketController, SimController, HealthController],
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: LOG, useValue: log },
        { provide: MACHINE_CLOCK, useValue: machine },
        { provide: Venue, useValue: venue },
        { provide: Queries, useValue: queries },
        { provide: FaultMenu, useValue: menu },
        { provide: APP_FILTER, useClass: AlpacaErrors },
      ],
    };
  }
}
