export { HALT_TOPIC } from './adapters/halt-doors.js';
export { VENUE, type StreamListener, type Venue, type VenueGuarantees } from './adapters/ports.js';
export { VenueStream } from './adapters/venue-stream.js';
export type {
  PlaceAnswer,
  PlaceRequest,
  VenueFill,
  VenueOrder,
  VenuePosition,
  VenueQuote,
  VenueUpdate,
} from './messages.js';
export { executionGateway } from './module.js';
