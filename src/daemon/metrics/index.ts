/** The daemon's metrics for Prometheus. */
export { type MetricsAddress, type MetricsServer, serveMetrics } from './metrics-server.ts';
export { metricsText } from './registry.ts';
