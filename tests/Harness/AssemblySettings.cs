using Xunit;

// Machines are interpreted: two at a time take longer than one after the other, and time limits mean less.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
