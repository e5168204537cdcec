using Xunit;

// South's memory is static, as the machine's is: one test at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
