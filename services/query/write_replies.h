#pragma once

#include "fairway/v1/rate_query_service.pb.h"

#include "libs/storage/rate_reader.h"
#include "services/query/describe_location.h"
#include "services/query/watch_commits.h"

// From the results of the operations to the messages of the contract; write_rates.h has the others.
namespace fairway::query {

void ToProto(const CommitWatch::Notice& notice, v1::WatchCommitsResponse& out);
void ToProto(const DatasetSummary& dataset, v1::GetDatasetResponse& out);
void ToProto(const LocationView& location, v1::Location& out);

}  // namespace fairway::query
