/** Counts to ten, half a second apart. {@code samples/run exec --port 8080 -- java samples/Counter.java} puts it on a WebSocket. */
public class Counter {
    public static void main(String[] args) throws InterruptedException {
        for (int number = 1; number <= 10; number++) {
            System.out.println(number);
            Thread.sleep(500);
        }
    }
}
