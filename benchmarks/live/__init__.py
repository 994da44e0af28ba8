"""What the benchmarks of the running bot share: its processes, a database server, a load balancer."""
