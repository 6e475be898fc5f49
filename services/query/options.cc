#include "services/query/options.h"

namespace fairway::query {

void AddOptions(CLI::App& app, Options& options) {
  config::AddServiceOptions(app, "FAIRWAY_QUERY_", options.service);
  app.add_option(
         "--engine", options.engine,
         "How answers are made: memory holds all prices and keeps answering while the database "
         "is away; sql reads the database each time")
      ->envname("FAIRWAY_QUERY_ENGINE")
      ->check(CLI::IsMember({"memory", "sql"}))
      ->capture_default_str();
  app.add_option(
         "--book-bytes-max", options.book_bytes_max,
         "Bytes of memory the prices may take (about 8 per price; 64MB, 4GB, …), with those that a "
         "commit makes anew beside the held ones; what needs more the database answers. 0: no "
         "bound")
      ->envname("FAIRWAY_QUERY_BOOK_BYTES_MAX")
      ->transform(CLI::AsSizeValue(/*kb_is_1000=*/true))
      ->capture_default_str();
  app.add_option(
         "--book-loaders", options.book_loaders,
         "Threads and database connections that load all prices at the start, or a batch of "
         "millions")
      ->envname("FAIRWAY_QUERY_BOOK_LOADERS")
      ->check(CLI::Range(1, 64))
      ->capture_default_str();
  app.add_option(
         "--connections-max", options.connections_max,
         "Queries and exports that the database answers at a time, each over a connection; "
         "locations, watches and the book take up to six more, and --book-loaders at the start and "
         "for large commits")
      ->envname("FAIRWAY_QUERY_CONNECTIONS_MAX")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  app.add_option("--drain", options.service.drain_seconds,
                 "Seconds to go on serving after SIGTERM while /readyz says no. Behind a load "
                 "balancer: longer than it takes to notice, and than --connection-age")
      ->envname("FAIRWAY_QUERY_DRAIN")
      ->check(CLI::Range(0, 3600))
      ->capture_default_str();
}

}  // namespace fairway::query
