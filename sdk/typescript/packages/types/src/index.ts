// Everything is generated; one line for each file of the contract.
export * from "./gen/analytics/v1/admin_service_pb.js";
export * from "./gen/analytics/v1/error_pb.js";
export * from "./gen/analytics/v1/event_pb.js";
export * from "./gen/analytics/v1/import_service_pb.js";
export * from "./gen/analytics/v1/ingest_service_pb.js";
export * from "./gen/analytics/v1/quarantine_service_pb.js";
export * from "./gen/analytics/v1/query_pb.js";
export * from "./gen/analytics/v1/query_service_pb.js";
