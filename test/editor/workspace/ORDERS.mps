ORDERS ; order routines for the tests
 ; second line
 quit
 ;
TOTAL(ORDER) ; sum of an order
 new SUM,LINE
 set SUM=0,LINE=""
 for  set LINE=$order(^ORD(ORDER,LINE)) quit:LINE=""  set SUM=SUM+^ORD(ORDER,LINE)
 quit SUM
