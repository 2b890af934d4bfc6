export { HALT_TOPIC } from './adapters/halt-doors.js';
export { ALPACA_RULES } from './adapters/alpaca-rules.js';
export { VENUE, type StreamListener, type Venue, type VenueGuarantees, type VenueRules } from './adapters/ports.js';
export { VenueStream } from './adapters/venue-stream.js';
export type {
  PlaceAnswer,
  PlaceRequest,
  VenueBar,
  VenueAccount,
  VenueFee,
  VenueFill,
  VenueOrder,
  VenuePosition,
  VenueQuote,
  VenueUpdate,
} from './messages.js';
export { executionGateway } from './module.js';
